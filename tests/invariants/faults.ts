import type { Member } from '../../src/renewal/family.ts';
import { withSupersededMarker } from '../../src/renewal/marker.ts';
import { isRecord } from '../../src/services/azure-devops.ts';
import { atOrganization, atPats, atPorts, atSights, atVault, type Swap, swap } from './planting.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** A fault planted in the product: at a port, or in the place of one rule. And the invariants that may catch it. */
export interface PlantedFault {
  readonly name: string;
  readonly caughtBy: readonly string[];
  /** Made anew for each story: some of them remember. */
  readonly swaps: () => readonly Swap[];
}

function fault(name: string, caughtBy: readonly string[], ...swaps: readonly Swap[]): PlantedFault {
  return { name, caughtBy, swaps: () => swaps };
}

/** Both rules of retirement, told of other circumstances than there are. */
function retiring(change: (member: Member) => Member): readonly Swap[] {
  return [
    swap(
      'renewal/retire.ts',
      'retirementByLog',
      (real) =>
        (member, ...rest) =>
          real(change(member), ...rest),
    ),
    swap(
      'renewal/retire.ts',
      'retirementByName',
      (real) =>
        (member, ...rest) =>
          real(change(member), ...rest),
    ),
  ];
}

/** The last look before a revocation, where it finds one PAT active: it sees this in its place. */
function lastLook(
  of: 'the PAT in use' | 'the one that goes',
  seen: (now: Member | undefined, then: Member) => Member | undefined,
) {
  const current = new Map<string, Member>();
  const going = new Map<string, Member>();
  const note = (member: Member, inUse: Member) => {
    current.set(inUse.pat.authorizationId, inUse);
    going.set(member.pat.authorizationId, member);
  };
  return [
    swap('renewal/retire.ts', 'retirementByLog', (real) => (member, situation, ...rest) => {
      note(member, situation.current);
      return real(member, situation, ...rest);
    }),
    swap('renewal/retire.ts', 'retirementByName', (real) => (member, situation, ...rest) => {
      note(member, situation.current);
      return real(member, situation, ...rest);
    }),
    swap('renewal/retire.ts', 'commonRetirement', (real) => (member, family, inUse, ...rest) => {
      note(member, inUse);
      return real(member, family, inUse, ...rest);
    }),
    swap('modes/listing.ts', 'isStillActive', (real) => async (organization, id) => {
      const now = await real(organization, id);
      const then = (of === 'the PAT in use' ? current : going).get(id);
      return then === undefined ? now : seen(now, then);
    }),
  ];
}

export const faults: readonly PlantedFault[] = [
  fault(
    'revokes the old PAT before the new value is delivered',
    ['I1', 'I2'],
    swap('modes/replace.ts', 'replacePat', (real) => async (context, order) => {
      await order.item.selected.listing.organization.pats.revoke(order.previous.pat.authorizationId).catch(() => {});
      return real(context, order);
    }),
  ),
  fault(
    'skips the proof',
    ['I1'],
    atOrganization((at) => ({ ...at, prove: async () => ({ kind: 'works' }) })),
  ),
  fault(
    'takes a proof that shows nothing for a bad one',
    ['I3', 'I5'],
    swap(
      'renewal/creation.ts',
      'judgeProof',
      (real) => (proof, word) => (proof.kind === 'nothing shown' ? 'bad' : real(proof, word)),
    ),
  ),
  fault(
    'repeats a creation whose answer was lost',
    ['I9'],
    swap(
      'services/retry.ts',
      'retrying',
      (real) => (pauses, options, attempt) =>
        real(pauses, { ...options, repeat: options.repeat === 'if not done' ? 'always' : options.repeat }, attempt),
    ),
  ),
  fault(
    'revokes the newcomers after a lost creation',
    ['I1', 'I2'],
    atPats((pats) => ({
      create: async (request) => {
        const before = new Set((await pats.list('active')).map(({ authorizationId }) => authorizationId));
        try {
          return await pats.create(request);
        } catch (error) {
          for (const pat of await pats.list('active'))
            if (pat.displayName === request.displayName && !before.has(pat.authorizationId))
              await pats.revoke(pat.authorizationId);
          throw error;
        }
      },
    })),
  ),
  fault(
    'revokes the new PAT after a delivery of unknown outcome',
    ['I1', 'I2'],
    atSights(({ deliver }) => ({
      deliver: async (parcel) => {
        const delivered = await deliver(parcel);
        return delivered.kind === 'unknown' ? { kind: 'refused', error: delivered.error } : delivered;
      },
    })),
  ),
  fault(
    'takes the last attempt’s refusal for all attempts',
    ['I1', 'I2'],
    swap('services/retry.ts', 'retrying', (real) => async (pauses, options, attempt) => {
      let last: unknown;
      const noted = () =>
        attempt().catch((error: unknown) => {
          last = error;
          throw error;
        });
      return real(pauses, options, noted).catch((error: unknown) => {
        throw last ?? error;
      });
    }),
  ),
  fault(
    'counts the grace from the newest version',
    ['I3'],
    swap('renewal/retire.ts', 'retirementByLog', (real) => (member, situation, evidence, ...rest) => {
      const newest = evidence.log.at(-1)?.at ?? 0;
      const id = member.pat.authorizationId.toLowerCase();
      const own = evidence.log.findLastIndex(({ claim }) => claim?.authorizationId === id);
      const log = evidence.log.map((entry, index) => (index > own ? { ...entry, at: newest } : entry));
      return real(member, situation, { ...evidence, log }, ...rest);
    }),
  ),
  fault(
    'drops the 12-hour rule',
    ['I1', 'I2'],
    ...retiring((member) => ({ ...member, pat: { ...member.pat, validFrom: member.pat.validFrom - 12 * hour } })),
  ),
  fault(
    'trusts the asked end in place of the granted one',
    ['I5'],
    atPats(({ create }) => ({
      create: async (request) => {
        const { pat, token } = await create(request);
        return { pat: { ...pat, validTo: request.validTo }, token };
      },
    })),
  ),
  fault(
    'revokes inside the grace',
    ['I2'],
    swap(
      'renewal/retire.ts',
      'retirementByLog',
      (real) => (member, situation, evidence, policy, now) =>
        real(member, situation, evidence, { ...policy, revokeAfterHours: policy.revokeAfterHours / 2 }, now),
    ),
  ),
  fault(
    'forgets all pages of the list but the first',
    ['I2', 'I3', 'I5'],
    swap('services/azure-devops.ts', 'callAzureDevOps', (real) => async (devOps, call) => {
      const answer = await real(devOps, call);
      return isRecord(answer) && 'continuationToken' in answer ? { ...answer, continuationToken: '' } : answer;
    }),
  ),
  fault(
    'ignores the family rule: every PAT is by itself',
    ['I3', 'I5'],
    swap(
      'renewal/family.ts',
      'familiesOf',
      (real) =>
        (...all) =>
          real(...all).flatMap((family) => family.members.map((member) => ({ ...family, members: [member] }))),
    ),
  ),
  fault(
    'takes another order of the scopes for other scopes',
    ['I3', 'I5'],
    swap('renewal/pat.ts', 'scopeSet', () => (scope) => scope),
  ),
  fault(
    'writes the tags in a second call',
    ['I5'],
    atVault(({ set }) => ({
      set: async (secret, contentOf) => {
        await set(secret, () => ({ ...contentOf(), tags: {} }));
        return set(secret, contentOf);
      },
    })),
  ),
  fault(
    'does not read the record again before it revokes',
    ['I1', 'I2'],
    atSights(() => ({ isUnchanged: async () => true })),
  ),
  fault(
    'looks only at the newest version again after a delivery of its own',
    ['I1', 'I2'],
    atSights(({ deliver }, look) => ({
      deliver: async (parcel) => {
        const delivered = await deliver(parcel);
        if (delivered.kind !== 'delivered') return delivered;
        const isUnchanged = async () => {
          const { occupant } = await look();
          const id = occupant.kind === 'delivered' ? occupant.claim.authorizationId : undefined;
          return id === parcel.pat.authorizationId.toLowerCase();
        };
        return { ...delivered, after: { ...delivered.after, isUnchanged } };
      },
    })),
  ),
  {
    name: 'does not ask for the current PAT again before it revokes',
    caughtBy: ['I1', 'I2'],
    swaps: () => lastLook('the PAT in use', (_, then) => then),
  },
  {
    name: 'does not see a new name or other scopes of the PAT in use before it revokes',
    caughtBy: ['I1', 'I2'],
    swaps: () => lastLook('the PAT in use', (now, then) => (now === undefined ? undefined : then)),
  },
  {
    name: 'does not see that the PAT in use was marked before it revokes',
    caughtBy: ['I1', 'I2', 'I3'],
    swaps: () =>
      lastLook('the PAT in use', (now, then) =>
        now === undefined ? undefined : { ...now, pat: { ...now.pat, displayName: then.pat.displayName } },
      ),
  },
  {
    name: 'does not look again at the PAT that it revokes',
    caughtBy: ['I2', 'I7'],
    swaps: () => lastLook('the one that goes', (_, then) => then),
  },
  fault(
    'forgets that a value of unknown origin may be an old one',
    ['I1', 'I2'],
    swap(
      'renewal/retire.ts',
      'retirementByLog',
      (real) =>
        (member, situation, evidence, ...rest) =>
          real(member, situation, { ...evidence, log: evidence.log.filter(({ isProven }) => isProven) }, ...rest),
    ),
  ),
  fault(
    'delivers a PAT that is more than 30 minutes old',
    ['I2'],
    atSights(({ deliver }) => ({ deliver: (parcel) => deliver({ ...parcel, checkTime: () => {} }) })),
  ),
  fault(
    'measures the 30 minutes without the monotonic clock',
    ['I2'],
    atPorts((world) => ({ ...world, elapsed: () => 0 })),
  ),
  fault(
    'measures the 30 minutes without the wall clock',
    ['I2'],
    atPorts((world) => ({ ...world, wall: () => 0 })),
  ),
  fault(
    'covers whatever stands in the secret',
    ['I7'],
    swap('renewal/pat-shape.ts', 'hasPatShape', () => (value) => value.length > 0),
  ),
  fault(
    'believes tags that were copied onto another value',
    ['I1', 'I2', 'I5'],
    swap(
      'destinations/key-vault/versions.ts',
      'logOf',
      (real) => (versions) => real(versions).map((entry) => ({ ...entry, isProven: entry.claim !== undefined })),
    ),
  ),
  fault(
    'extends marked PATs in simple',
    ['I7'],
    swap('modes/observe.ts', 'observeAll', (real) => async (context, selected) => {
      const observed = await real(context, selected);
      if (context.settings.mode !== 'simple') return observed;
      return observed.map((item) => {
        const { family } = item.selected;
        const members = family.members.map((member) => ({ ...member, marker: { kind: 'none' } as const }));
        return { ...item, selected: { ...item.selected, family: { ...family, members } } };
      });
    }),
  ),
  fault(
    'never disables a version',
    ['I5'],
    swap('renewal/discard.ts', 'entriesToDiscard', () => () => []),
  ),
  fault(
    'disables versions that are disabled already, on every run',
    ['I4'],
    swap('renewal/discard.ts', 'entriesToDiscard', (real) => (situation, ...rest) => [
      ...real(situation, ...rest),
      ...situation.log.slice(0, -1).flatMap(({ isServed, key }) => (isServed ? [] : [key])),
    ]),
  ),
  fault(
    'confirms what it has only handed over',
    ['I1', 'I2'],
    swap('modes/replace.ts', 'replacePat', (real) => async (context, order) => {
      const made = await real(context, order);
      if (made.kind !== 'handed over') return made;
      const { authorizationId, scope } = made.member.pat;
      const displayName = order.item.family.name;
      await order.item.selected.listing.organization.pats
        .update({ authorizationId, displayName, scope, allOrgs: false, validTo: undefined })
        .catch(() => {});
      return made;
    }),
  ),
  fault(
    'dates what a value replaces when it is handed over',
    ['I1', 'I2'],
    swap('modes/replace.ts', 'replacePat', (real) => async (context, order) => {
      const made = await real(context, order);
      if (made.kind !== 'handed over') return made;
      const { pats } = order.item.selected.listing.organization;
      const { name } = order.item.family;
      const { authorizationId, scope } = order.previous.pat;
      const displayName = withSupersededMarker(name, pats.now() + context.settings.policy.revokeAfterHours * hour);
      await pats.update({ authorizationId, displayName, scope, allOrgs: false, validTo: undefined }).catch(() => {});
      return made;
    }),
  ),
  fault(
    'confirms what another job has handed over',
    ['I1', 'I2'],
    swap('renewal/confirm.ts', 'membersToConfirm', (real) => (family, handedOver, now) => {
      const ids = family.members.map(({ pat }) => pat.authorizationId.toLowerCase());
      return handedOver.size === 0 ? [] : real(family, new Set(ids), now);
    }),
  ),
  fault(
    'makes again what an earlier attempt has handed over',
    ['I1', 'I2', 'I3'],
    swap(
      'renewal/plan.ts',
      'planFamily',
      (real) => (family, observation, policy, around) =>
        real(family, observation, policy, { ...around, handedOver: new Set() }),
    ),
  ),
  fault(
    'does not ask by its id for what was handed over and a list does not show yet',
    ['I3', 'I5'],
    swap('modes/listing.ts', 'readListing', (real) => (organization) => real(organization, [])),
  ),
  fault(
    'supersedes, at a confirmation, what is younger than 12 hours',
    ['I1', 'I2'],
    swap(
      'renewal/confirm.ts',
      'membersToSupersede',
      (real) => (family, confirmed, now) => real(family, confirmed, now + 12 * hour),
    ),
  ),
  fault(
    'forgets the date in the PAT’s name',
    ['I1', 'I2'],
    swap('renewal/retire.ts', 'retirementByName', (real) => (member, ...rest) => {
      const isDated = member.marker.kind === 'superseded';
      return real(isDated ? { ...member, marker: { kind: 'superseded', revokeAfter: 0 } } : member, ...rest);
    }),
  ),
  fault(
    'leaves undelivered PATs for ever',
    ['I3'],
    swap('renewal/plan.ts', 'planFamily', (real) => (family, ...rest) => {
      const members = family.members.filter(({ marker }) => marker.kind !== 'new');
      return real(members.length > 0 ? { ...family, members } : family, ...rest);
    }),
  ),
  fault(
    'knows no doubt',
    ['I1', 'I2', 'I3'],
    swap('renewal/doubt.ts', 'doubtful', () => () => []),
  ),
  fault(
    'makes PATs without bound',
    ['I3'],
    swap('renewal/plan.ts', 'planFamily', (real) => (family, observation, policy, around) => {
      const plan = real(family, observation, policy, around);
      const [previous] = family.members;
      const isFull = plan.kind === 'refuse' && plan.refusal.code === 'too many leftovers' && previous !== undefined;
      return isFull ? { kind: 'replace', reason: 'every run renews', previous, isPlaceAskedFirst: false } : plan;
    }),
  ),
  fault(
    'revokes although no service has told the time',
    ['I1', 'I2'],
    atPats(() => ({ tellsTime: () => true })),
    atSights(() => ({ tellsTime: () => true })),
  ),
  fault(
    'never takes a PAT for due',
    ['I3'],
    swap('renewal/extend.ts', 'isDue', () => () => false),
  ),
  fault(
    'takes a missing list of organizations for one organization',
    ['I2', 'I7'],
    swap('renewal/pat.ts', 'validity', (real) => (accounts) => real(accounts ?? ['this one'])),
  ),
  fault(
    'takes several named organizations for one',
    ['I2', 'I7'],
    swap('renewal/pat.ts', 'validity', (real) => (accounts) => real(accounts?.slice(0, 1))),
  ),
  fault(
    'lets two families collide only if both are active',
    ['I1', 'I7'],
    swap('renewal/plan.ts', 'isWanted', () => () => false),
  ),
  {
    name: 'registers the value after the proof',
    caughtBy: ['I8'],
    swaps: () => {
      const held: (() => void)[] = [];
      return [
        atPorts((world) => ({ ...world, registerSecret: (value) => held.push(() => world.registerSecret(value)) })),
        atOrganization((at) => ({
          ...at,
          prove: async (token) => {
            const proof = await at.prove(token);
            for (const register of held.splice(0)) register();
            return proof;
          },
        })),
      ];
    },
  },
  {
    name: 'tells the value in the report',
    caughtBy: ['I8'],
    swaps: () => {
      let told = '';
      return [
        atPorts((world) => ({
          ...world,
          registerSecret: (value) => {
            told = value;
            world.registerSecret(value);
          },
        })),
        swap('run.ts', 'run', (run) => async (...all) => {
          const report = await run(...all);
          return { ...report, warnings: [...report.warnings, told] };
        }),
      ];
    },
  },
  fault(
    'writes in a dry run',
    ['I4'],
    swap('run.ts', 'run', (run) => (settings, world) => run({ ...settings, dryRun: false }, world)),
  ),
  fault(
    'lets the new PAT live longer than asked',
    ['I7'],
    atPats(({ create }) => ({ create: (request) => create({ ...request, validTo: request.validTo + 10 * day }) })),
  ),
  fault(
    'gives the new PAT more scopes',
    ['I7'],
    atPats(({ create }) => ({ create: (request) => create({ ...request, scope: `${request.scope} vso.build` }) })),
  ),
  fault(
    'handles PATs that no rule selects',
    ['I7'],
    swap('renewal/compiled-rules.ts', 'compileRules', (real) => (rules, ...rest) => {
      const compiled = real(rules, ...rest);
      const [rule] = rules;
      if (rule === undefined || rule.kind === 'exclude') return compiled;
      const select = (name: string) =>
        name.length <= 10 ? ({ kind: 'selected', rule } as const) : compiled.select(name);
      return { ...compiled, select };
    }),
  ),
  // Places that keep one value.
  fault(
    'takes an orphan’s age for enough in a place that keeps one value',
    ['I1', 'I2'],
    swap('renewal/retire.ts', 'retirementByLog', (real) => (member, situation, evidence, policy, now) => {
      const judged = real(member, situation, evidence, policy, now);
      const isOrphan = judged.kind === 'no' && (judged.why === 'doubt' || judged.why === 'not superseded');
      return isOrphan && now.pats - member.pat.validFrom > 24 * hour ? { kind: 'ready' } : judged;
    }),
  ),
  fault(
    'sees no edit of other people’s',
    ['I1', 'I2'],
    swap('destinations/one-slot/last-change.ts', 'foreignEdit', () => () => undefined),
  ),
  fault(
    'hands down no time at which a PAT was superseded',
    ['I3'],
    swap('destinations/one-slot/record.ts', 'nextRecord', (real) => (next) => {
      const record = real(next);
      return { ...record, was: record.was.map(({ id }) => ({ id, until: next.now })) };
    }),
  ),
  fault(
    'hands the times down although somebody has edited the document',
    ['I1', 'I2'],
    swap('destinations/one-slot/record.ts', 'nextRecord', (real) => (next) => real({ ...next, isEdited: false })),
  ),
  fault(
    'does not note an edit in the other records',
    ['I1', 'I2'],
    swap('services/variable-groups.ts', 'writeGroup', (real) => async (devOps, named, id, document) => {
      const variables = isRecord(document.variables) ? document.variables : {};
      const forgotten = Object.fromEntries(
        Object.entries(variables).map(([name, entry]) => {
          const text = isRecord(entry) && typeof entry.value === 'string' ? entry.value : '';
          if (!name.endsWith('_RenewPats') || !text.startsWith('{')) return [name, entry];
          const { edited: _, ...record } = JSON.parse(text) as Record<string, unknown>;
          return [name, { ...(isRecord(entry) ? entry : {}), value: JSON.stringify(record) }];
        }),
      );
      const written = await real(devOps, named, id, { ...document, variables: forgotten });
      const answered = isRecord(written.variables) ? written.variables : {};
      const records = Object.entries(variables).filter(([name]) => name.endsWith('_RenewPats'));
      return { ...written, variables: { ...answered, ...Object.fromEntries(records) } };
    }),
  ),
  fault(
    'drops a field of the document that it does not know',
    ['I7'],
    swap('services/variable-groups.ts', 'writeGroup', (real) => (devOps, named, id, document) => {
      const { unknownField: _, ...known } = document;
      return real(devOps, named, id, known);
    }),
  ),
  fault(
    'takes a copy for the delivery that it follows',
    ['I1', 'I2'],
    swap('renewal/retire.ts', 'retirementEverywhere', (real) => (each) => real(each.slice(0, 1))),
  ),
  fault(
    'revokes when one of two places agrees',
    ['I1', 'I2'],
    swap(
      'renewal/retire.ts',
      'retirementEverywhere',
      (real) => (each) => each.find(({ kind }) => kind === 'ready') ?? real(each),
    ),
  ),
  {
    name: 'writes a copy with the time of before the machine slept',
    caughtBy: ['I2'],
    swaps: () => {
      const made = new Set<string>();
      return [
        swap('run.ts', 'run', (run) => (...all) => {
          made.clear();
          return run(...all);
        }),
        atPats(({ create }) => ({
          create: async (request) => {
            const created = await create(request);
            made.add(created.token);
            return created;
          },
        })),
        atSights(({ deliver }) => ({
          deliver: (parcel) => deliver(made.has(parcel.token) ? parcel : { ...parcel, checkTime: () => {} }),
        })),
      ];
    },
  },
  fault(
    'writes into a document after a look at it that has taken too long',
    ['I2'],
    atSights((sight) => ({
      deliver: (parcel) => {
        let checked = 0;
        // Before each attempt only, not before what an attempt sends.
        return sight.deliver({
          ...parcel,
          checkTime: (told) => (checked++ % 2 === 0 ? parcel.checkTime(told) : undefined),
        });
      },
    })),
  ),
];
