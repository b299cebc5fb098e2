import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PasswordClaim, RefusedSignIns } from '../../src/sign-in/refused-sign-ins.ts';

/** One refusal: what was refused can be recognised and not be read. */
interface Note {
  readonly salt: string;
  readonly digest: string;
  readonly code: string;
}

/** A step is tried again a few times; each reading costs a tenth of a second for each note. */
const readAtMost = 10;

/**
 * Remembers refusals for the attempts that follow in the same job (`retryCountOnTaskFailure`), in the agent's temporary
 * folder, which the agent clears with the job. Where nothing can be written nothing is remembered.
 * @param run such as `System.PlanId`: a note of another run, in a folder that was not cleared, stops nothing
 */
export function refusedSignInsIn(folder: string, run: string): RefusedSignIns {
  const file = join(folder, 'renew-pats-refused-sign-ins.jsonl');
  return {
    find: async (claim) => {
      const notes = parseNotes(await readFile(file, 'utf8').catch(() => ''));
      for (const { salt, digest, code } of notes) {
        const own = await digestOf(claim, run, Buffer.from(salt, 'base64'));
        const noted = Buffer.from(digest, 'base64');
        if (noted.length === own.length && timingSafeEqual(noted, own)) return code;
      }
      return undefined;
    },
    note: async (claim, code) => {
      const salt = randomBytes(16);
      const digest = await digestOf(claim, run, salt);
      const note: Note = { salt: salt.toString('base64'), digest: digest.toString('base64'), code };
      await appendFile(file, `${JSON.stringify(note)}\n`, { mode: 0o600 }).catch(() => {});
    },
  };
}

function digestOf(claim: PasswordClaim, run: string, salt: Buffer): Promise<Buffer> {
  const { authorityHost, tenantId, clientId, username, password } = claim;
  const account = [run, authorityHost, tenantId, clientId, username].map((part) => part.toLowerCase());
  return new Promise((resolve, reject) => {
    scrypt(JSON.stringify([...account, password]), salt, 32, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function parseNotes(text: string): readonly Note[] {
  return text
    .split('\n')
    .slice(-readAtMost - 1)
    .flatMap((line) => parseNote(line) ?? []);
}

/** Undefined for what a write that was cut short has left, and for what somebody else wrote there. */
function parseNote(line: string): Note | undefined {
  try {
    const { salt, digest, code } = JSON.parse(line) as Record<string, unknown>;
    const isNote = typeof salt === 'string' && typeof digest === 'string' && /^AADSTS\d{1,12}$/.test(String(code));
    return isNote ? { salt, digest, code: String(code) } : undefined;
  } catch {
    return undefined;
  }
}
