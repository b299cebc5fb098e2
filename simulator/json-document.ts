/** A JSON object as it came or goes: whatever fields it has. */
export type JsonDocument = Readonly<Record<string, unknown>>;

export function isDocument(value: unknown): value is JsonDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function documentsIn(value: unknown): readonly JsonDocument[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter(isDocument) : [];
}

/** The text of a field, or an empty one. */
export function textOf(document: JsonDocument | undefined, field: string): string {
  const value = document?.[field];
  return typeof value === 'string' ? value : '';
}
