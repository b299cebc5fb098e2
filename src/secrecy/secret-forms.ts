/**
 * Every form in which a secret travels: as it is, in a URL or a form body, in JSON, and in a Basic header. The agent
 * masks whole values only, so each form has to be known to it; and it refuses values of several lines, so each line
 * counts by itself.
 */
export function secretForms(secret: string): readonly string[] {
  const forms = new Set<string>();
  const lines = secret.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  for (const line of lines) {
    forms.add(line);
    // Half a surrogate pair cannot be encoded; as bytes it becomes U+FFFD, and so it would travel.
    forms.add(encodeURIComponent(Buffer.from(line).toString()));
    forms.add(new URLSearchParams({ form: line }).toString().slice('form='.length));
    forms.add(JSON.stringify(line).slice(1, -1));
    forms.add(Buffer.from(line).toString('base64'));
    forms.add(Buffer.from(`:${line}`).toString('base64'));
  }
  return [...forms];
}
