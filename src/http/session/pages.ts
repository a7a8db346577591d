import type { FastifyReply } from 'fastify';

const SIGN_IN = '<p><a href="/session/sign-in">Sign in</a></p>';

/** A page of nothing but sentences: it loads nothing and runs nothing. */
function sendPage(reply: FastifyReply, title: string, body: string): FastifyReply {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;
  return reply.type('text/html; charset=utf-8').send(page);
}

export function sendSignedIn(reply: FastifyReply): FastifyReply {
  return sendPage(reply, 'You are signed in', '<p>You can close this page.</p>');
}

export function sendSignedOut(reply: FastifyReply): FastifyReply {
  return sendPage(reply, 'You are not signed in', SIGN_IN);
}

/** For whoever comes back with something that cannot be used; why is in the log alone. */
export function sendNotSignedIn(reply: FastifyReply): FastifyReply {
  const why = '<p>It took too long, was refused, or did not prove what was asked for. Nothing has changed.</p>';
  return sendPage(reply.code(400), 'That sign-in did not work', `${why}${SIGN_IN}`);
}
