/** What is shorter stands in ordinary words, and Entra takes no password of so few characters. */
export const shortestSecret = 4;
/** Letters and digits in a line of a longer secret: with fewer it may be anybody's, such as `"id": 7,`. */
const fewestInLine = 8;

/** What JSON, YAML and the like are held together by: it stands in every log. */
const structure = /^[\s{}[\]()<>,:;"'=|*#_-]*$/;
/** The same lines stand around every key and certificate. */
const boundary = /^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/;

/**
 * Every form in which a secret travels: as it is, in a URL or a form body, in JSON, and in a Basic header. The agent
 * masks whole values only, so each form has to be known to it. Of several lines each counts by itself too, because a log
 * has one line at a time. Only what is long enough to be a secret, and never a piece that holds a text together: the
 * logs of all later steps would lose it.
 */
export function secretForms(secret: string): readonly string[] {
  const lines = secret.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const [line] = lines;
  if (line === undefined || secret.trim().length < shortestSecret || structure.test(secret)) return [];
  if (lines.length === 1) return line === secret ? formsOf(line) : unique([...formsOf(line), ...encodingsOf(secret)]);
  const own = lines
    .map((each) => each.trim())
    .filter((each) => lettersIn(each) >= fewestInLine && !boundary.test(each));
  return unique([...encodingsOf(secret), ...own.flatMap(formsOf)]);
}

function lettersIn(line: string): number {
  return line.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** Of one line. */
function formsOf(line: string): readonly string[] {
  return unique([line, ...encodingsOf(line)]);
}

/** Each of them is one line, whatever the text is. */
function encodingsOf(text: string): readonly string[] {
  return [
    // Half a surrogate pair cannot be encoded; as bytes it becomes U+FFFD, and so it would travel.
    encodeURIComponent(Buffer.from(text).toString()),
    new URLSearchParams({ form: text }).toString().slice('form='.length),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('base64'),
    Buffer.from(`:${text}`).toString('base64'),
  ];
}

function unique(forms: readonly string[]): readonly string[] {
  return [...new Set(forms)];
}
