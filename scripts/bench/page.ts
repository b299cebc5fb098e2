/** What stands before the tables. */
export function introduction(machine: string, rounds: number): string {
  return `# Performance

What a run takes, measured. This page is written by \`npm run bench\` (about half an hour; \`npm run bench -- --only start --rounds 3\`
prints one part of it, quickly). Everything runs on one machine: the task as a process of its own, as an agent starts it, and the
[simulator](../simulator/README.md) in another. Figures are medians of ${rounds} rounds; in each round every thing of a table runs once,
so that what else the machine does falls on all alike. Compare ratios, not times.

Measured on ${machine}.

No test looks at a time. Tests count: requests and TLS handshakes (\`tests/performance/requests.test.ts\`), what a start loads
(\`tests/performance/start.test.ts\`), and how a limit is kept, in virtual time (\`tests/performance/pace.test.ts\`).

## Requests

Held by tests to the number. *Pages* are those of the active and of the expired list, 100 PATs each and at least one of each.

| mode | requests |
| --- | --- |
| simple | 1 + pages + 1 per PAT that is extended |
| simple with a vault | 4 + pages + 2 per family, + 1 where the secret's expiry follows |
| advanced with a vault | 4 + pages + 4 per family due (versions, create, prove, store), + 2 per secret that is adopted |
| … and nothing due | 4 + pages + 1 per family (and 25 versions of its secret) |
| … per revocation | + 5 (record, current PAT, the old one, revoke, disable) |
| advanced with a variable group | 4 + pages + 6 per family due (create, prove; find, read, write, read again) |
| … and nothing due | 4 + pages: one look for the whole group |
| advanced with several places | as each of them; creating and proving once |
| advanced, handed over | 2 + pages + 2 per family due (create, prove) |
| revoke, handed over | 1 + pages + 2 per family confirmed (two renames) + 3 per revocation |
| report | 1 + pages |
| report with a vault | 4 + pages + 1 per family |

The constant is the sign-in, and with a vault the account's id, the vault's challenge and one token for it. Nobody signs in twice, no
challenge comes twice, and no host has more TLS connections than \`concurrency\` says.`;
}

/** What stands after them: why a target is missed, what was tried, what was left out. */
export const whereTheRestGoes = `## Where the rest goes

**Start.** \`node -e 0\` does nothing, from a snapshot, and loads neither TLS nor HTTP. A program without any package that sends the same
four requests (*by hand*) takes longer than the target allows, so the target cannot be met on such a machine by any program: most of
that time is Node.js loading TLS and HTTP, and three handshakes. What the task adds to it is, by the profile of a start
(\`node --cpu-prof\`): reading 1.1 MB of script (a third), the task library (a sixth), axios, MSAL, the report. What was found and mended:

| what | processor time |
| --- | --- |
| axios and Key Vault's SDK mention \`FormData\`: that alone makes Node.js load its own \`fetch\`, with HTTP/2 | 25 ms |
| with a CA file of the agent's, the 145 built-in authorities were read anew for each connection | 21 ms each |
| form-data's 137 KB of media types, axios' other adapters, a second proxy agent | 15 ms |
| jsonwebtoken, which only a certificate needs | 6 ms |

What was tried and brought nothing to see: shorter names (a third less script), and loading the task library's own packages late. A
compile cache is void on a hosted agent, whose disk is fresh, and one that is shipped fits one version of Node.js only.

**Memory.** What a run holds at its end is 25 MB for 10,000 PATs in *simple* and 50 MB in *advanced* (\`node --trace-gc\`). The rest is
garbage: every request leaves 90 KB behind, most of it axios', and left to itself V8 lets it lie until the heap is four times what
lives: 180 MB and 280 MB were the peaks. An agent starts the task without flags, so the task sets two itself
([small-heap.ts](../tasks/RenewPats/small-heap.ts)): how far the heap may grow before it is looked through. Node.js' documentation
warns of flags that are set once a program runs; these two are only read when V8 decides about growing, both versions of Node.js run
the tests with them, and a run that dies loses nothing. Node.js 24 takes some 30 MB more by itself.

**Many.** Work does not start with the first page: names that lead to one secret, and PATs of one name, are seen only in the whole
list, and in *advanced* a PAT could be replaced that the next page shows to be refused. In *simple* the list itself forbids it: what a
continuation token means is not published, and a PAT whose end moves while the pages are read (or is made, or revoked) could be skipped
or come twice. Of the ideal schedule above, the pages are 0.5 of 6.8 s for 1,000 PATs; both lists are read at the same time.

**Limits.** A change is retried only after the pause that the service asks for, which all requests to that host keep
(\`src/services/pace.ts\`). To be throttled is not counted as a failure of the call, for up to fifteen minutes of
waiting and twenty refusals (one minute, where the service does not say when to come again).`;
