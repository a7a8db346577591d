const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';

type Range = { readonly type: string; readonly quality: number };

/**
 * The media type to answer in, of the two that GraphQL over HTTP names: the one preferred by name, and JSON otherwise. An
 * Accept that neither meets is passed over (RFC 9110 §12.5.1), for to refuse an answer would be to hide what a mutation did.
 */
export function toResponseType(accept: string | undefined): string {
  const ranges = (accept ?? '').split(',').map(toRange);
  const named = ranges.filter(({ type, quality }) => quality > 0 && (type === JSON_TYPE || type === RESPONSE_TYPE));
  const [preferred] = named.sort((one, other) => other.quality - one.quality);
  return preferred?.type ?? JSON_TYPE;
}

function toRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, quality: quality === undefined ? 1 : Number(quality) };
}
