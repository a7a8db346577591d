export type WireValue = string | number | boolean | Date | null | readonly string[];

/** A value in PostgreSQL's text format; a list becomes an array literal with every element quoted. */
export function toWireText(value: WireValue): string | null {
  if (value === null || typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return `{${value.map(quoteElement).join(',')}}`;
  return String(value);
}

function quoteElement(element: string): string {
  return `"${element.replace(/[\\"]/g, '\\$&')}"`;
}
