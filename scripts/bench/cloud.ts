import { createWorld, type PatSpec, type Simulator, startSimulator } from '../../simulator/index.ts';

export const account = { upn: 'renew@contoso.com', password: 'correct-horse-battery-staple' } as const;
export const organization = 'contoso';
export const vaultName = 'contoso-vault';
export const tenant = 'contoso.onmicrosoft.com';

export interface Company {
  readonly pats: number;
  /** Every answer takes so long, in milliseconds. */
  readonly answerAfter?: number;
}

/** Opens a company with so many PATs that end soon and an empty vault, for `use`; closes it whatever comes of that. */
export async function inCompany<T>(company: Company, use: (simulator: Simulator) => Promise<T>): Promise<T> {
  const pats = Array.from({ length: company.pats }, (_, index): PatSpec => ({ displayName: `Script ${index + 1}` }));
  const world = createWorld({
    now: '2026-11-23T04:00:00Z',
    tenant: { domains: [tenant] },
    accounts: [account],
    organizations: { [organization]: { pats } },
    vaults: { [vaultName]: {} },
  });
  const simulator = await startSimulator({ world });
  const { answerAfter = 0 } = company;
  if (answerAfter > 0) simulator.faults.use({ decide: () => ({ kind: 'delay', ms: answerAfter }) });
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}
