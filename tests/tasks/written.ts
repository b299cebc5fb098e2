/** What the action writes to the step's output, line by line; nothing of it reaches the output of the tests. */
export function written(action: () => void): readonly string[] {
  const { stdout } = process;
  const chunks: string[] = [];
  const write = stdout.write;
  stdout.write = (chunk: string | Uint8Array) => {
    chunks.push(String(chunk));
    return true;
  };
  try {
    action();
  } finally {
    stdout.write = write;
  }
  return chunks.join('').split('\n').slice(0, -1);
}
