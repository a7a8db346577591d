import type { FastifyRequest } from 'fastify';
import type { Visitor } from '../../sessions/context.ts';
import { toAddress } from '../address.ts';

export function toVisitor({ id, ip }: FastifyRequest): Visitor {
  return { requestId: id, ip: toAddress(ip) };
}
