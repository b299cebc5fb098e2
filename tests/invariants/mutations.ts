// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is planted is source text
/** A fault planted in the product's code, and the invariants that may catch it. */
export interface Mutation {
  readonly name: string;
  /** Below src/. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly caughtBy: readonly string[];
}

export const mutations: readonly Mutation[] = [
  {
    name: 'revokes the old PAT before the new value is delivered',
    file: 'replace.ts',
    find: '  warnOfDates(context, order, created, asked);\n',
    replace:
      '  await pats.revoke(order.previous.pat.authorizationId).catch(() => undefined);\n  warnOfDates(context, order, created, asked);\n',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'skips the proof',
    file: 'replace.ts',
    find: '  const bad = await proveNew(order, created);\n',
    replace: '  const bad = undefined as string | undefined;\n',
    caughtBy: ['I1'],
  },
  {
    name: 'takes a proof that shows nothing for a bad one',
    file: 'replace.ts',
    find: '  // Its scopes may not allow the call: the lifecycle API',
    replace:
      "  if (proof.kind === 'nothing shown') return 'it was not accepted';\n  // Its scopes may not allow the call: the lifecycle API",
    caughtBy: ['I3', 'I5'],
  },
  {
    name: 'repeats a creation whose answer was lost',
    file: 'services/pat-api.ts',
    find: "repeat: 'if not done',",
    replace: "repeat: 'always',",
    caughtBy: ['I9'],
  },
  {
    name: 'revokes the newcomers after a lost creation',
    file: 'replace.ts',
    find: '    const what =\n      newcomers.length === 0',
    replace:
      '    for (const pat of newcomers) await directory.organization.pats.revoke(pat.authorizationId);\n    const what =\n      newcomers.length === 0',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'revokes the new PAT after a delivery of unknown outcome',
    file: 'replace.ts',
    find: "if (error instanceof ServiceError && error.outcome !== 'unknown') {\n    return notDelivered(order, `${said} ${await undo",
    replace: 'if (error instanceof ServiceError) {\n    return notDelivered(order, `${said} ${await undo',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'takes the last attempt’s refusal for all attempts',
    file: 'services/retry.ts',
    find: "const inTheEnd = error.inTheEnd(anyUnknown ? 'unknown' : anyRefused ? 'refused' : 'unsent');",
    replace: 'const inTheEnd = error;\n      void anyUnknown;\n      void anyRefused;',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'counts the grace from the newest version',
    file: 'renewal/retire.ts',
    find: 'const supersededAt = Math.min(',
    replace: 'const supersededAt = Math.max(',
    caughtBy: ['I3'],
  },
  {
    name: 'drops the 12-hour rule',
    file: 'renewal/retire.ts',
    find: 'member.pat.validFrom + settledAfterHours * hour + 1',
    replace: 'member.pat.validFrom',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'trusts the asked end in place of the granted one',
    file: 'replace.ts',
    find: '      pat: created.pat,\n      token: created.token,',
    replace:
      '      pat: { ...created.pat, validTo: created.pat.validFrom + context.settings.policy.lifetimeDays * day },\n      token: created.token,',
    caughtBy: ['I5'],
  },
  {
    name: 'revokes inside the grace',
    file: 'renewal/retire.ts',
    find: 'waitUntil(supersededAt + grace, now.vault)',
    replace: 'waitUntil(supersededAt + grace / 2, now.vault)',
    caughtBy: ['I2'],
  },
  {
    name: 'forgets all pages of the list but the first',
    file: 'services/pat-api.ts',
    find: "} while (continuationToken !== '');",
    replace: "} while (continuationToken === 'never');",
    caughtBy: ['I2', 'I3', 'I5'],
  },
  {
    name: 'ignores the family rule: every PAT is by itself',
    file: 'renewal/family.ts',
    find: 'const key = JSON.stringify([name, scopeSet(member.pat.scope)]);',
    replace: 'const key = JSON.stringify([name, member.pat.authorizationId]);',
    caughtBy: ['I3', 'I5'],
  },
  {
    name: 'takes another order of the scopes for other scopes',
    file: 'renewal/pat.ts',
    find: ".filter((part) => part !== ''))].sort().join(' ')",
    replace: ".filter((part) => part !== ''))].join(' ')",
    caughtBy: ['I3', 'I5'],
  },
  {
    name: 'writes the tags in a second call',
    file: 'destinations/key-vault/vault.ts',
    find: '    const set = await store.set(secret, content, delivery.beforeEach);',
    replace:
      '    await store.set(secret, { ...content, tags: {} }, delivery.beforeEach);\n    const set = await store.set(secret, content, delivery.beforeEach);',
    caughtBy: ['I5'],
  },
  {
    name: 'does not read the record again before it revokes',
    file: 'retire.ts',
    find: 'return (await same) ?',
    replace: 'return (await same.catch(() => true)) || secret.length > 0 ?',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'does not ask for the current PAT again before it revokes',
    file: 'retire.ts',
    find: 'const changed = (await lastLook()) ?? (await whyCurrentFails(standing));',
    replace: 'const changed = await lastLook();\n    void whyCurrentFails;',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'forgets that a value of unknown origin may be an old one',
    file: 'renewal/retire.ts',
    find: ' || readDelivery(version) === undefined,\n',
    replace: ',\n',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'delivers a PAT that is more than 30 minutes old',
    file: 'replace.ts',
    find: 'if (passed <= 30 * minute) return;',
    replace: 'if (passed <= 30_000 * minute) return;',
    caughtBy: ['I2'],
  },
  {
    name: 'covers whatever stands in the secret',
    file: 'renewal/record.ts',
    find: 'return /^(?:[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[a-z2-7]{52})$/.test(value);',
    replace: 'return value.length > 0;',
    caughtBy: ['I7'],
  },
  {
    name: 'believes tags that were copied onto another value',
    file: 'renewal/record.ts',
    find: ' || Math.abs(deliveredAt - version.created) > 30 * minute) return undefined;',
    replace: ') return undefined;',
    caughtBy: ['I1', 'I2', 'I5'],
  },
  {
    name: 'extends marked PATs in simple',
    file: 'simple.ts',
    find: "if (member.marker.kind !== 'none') entries.push(listed(member.pat));\n    else if",
    replace: 'if',
    caughtBy: ['I7'],
  },
  {
    name: 'never disables a version',
    file: 'renewal/retire.ts',
    find: 'return dead.filter((version) => version.enabled).map((version) => version.id);',
    replace: 'return dead.filter(() => false).map((version) => version.id);',
    caughtBy: ['I5'],
  },
  {
    name: 'disables versions that are disabled already, on every run',
    file: 'renewal/retire.ts',
    find: 'return dead.filter((version) => version.enabled).map((version) => version.id);',
    replace: 'return dead.map((version) => version.id);',
    caughtBy: ['I4'],
  },
  {
    name: 'lets advanced revoke what only a later step may have stored',
    file: 'retire.ts',
    find: "const mayRevoke = mode === 'revoke' || policy.revokeAfterHours === 0;",
    replace: "const mayRevoke = mode === 'revoke' || policy.revokeAfterHours >= 0;",
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'forgets the date in the PAT’s name',
    file: 'renewal/retire.ts',
    find: 'const waits = [waitUntil(member.marker.revokeAfter, now)];',
    replace: 'const waits: Retirement[] = [];',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'leaves undelivered PATs for ever',
    file: 'renewal/plan.ts',
    find: "if (others.some((member) => member.marker.kind === 'new' && isSettled(member, now))) {",
    replace: 'if (others.length < 0) {',
    caughtBy: ['I3'],
  },
  {
    name: 'tells the value in the report',
    file: 'replace.ts',
    find: '    newAuthorizationId,\n    validFrom,',
    replace: '    newAuthorizationId,\n    message: created.token,\n    validFrom,',
    caughtBy: ['I8'],
  },
  {
    name: 'lets the new PAT live longer than asked',
    file: 'replace.ts',
    find: 'const asked = startedAt + context.settings.policy.lifetimeDays * day;',
    replace: 'const asked = startedAt + (context.settings.policy.lifetimeDays + 10) * day;',
    caughtBy: ['I7'],
  },
  {
    name: 'gives the new PAT more scopes',
    file: 'replace.ts',
    find: '      scope: family.scope,',
    replace: '      scope: `${family.scope} vso.build`,',
    caughtBy: ['I7'],
  },
  {
    name: 'handles PATs that no rule selects',
    file: 'selection.ts',
    find: "      if (selection.kind === 'selected') {",
    replace: "      if (selection.kind === 'selected' || family.name.length <= 10) {",
    caughtBy: ['I7'],
  },
];
