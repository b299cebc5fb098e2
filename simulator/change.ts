import type { SecretVersion } from './key-vault.ts';
import type { Pat } from './pat-service.ts';
import type { ServiceEndpoint } from './service-endpoints.ts';
import type { VariableGroup } from './variable-groups.ts';

/** One change of the world's state. Records never change in place, so `before` and `after` may be kept. */
export type Change =
  | { readonly kind: 'clock.moved'; readonly now: number }
  | { readonly kind: 'pat.created'; readonly after: Pat }
  | { readonly kind: 'pat.updated'; readonly before: Pat; readonly after: Pat }
  | { readonly kind: 'pat.revoked'; readonly before: Pat; readonly after: Pat }
  | { readonly kind: 'secret.set'; readonly vault: string; readonly secret: string; readonly after: SecretVersion }
  | {
      readonly kind: 'secret.versionUpdated';
      readonly vault: string;
      readonly secret: string;
      readonly before: SecretVersion;
      readonly after: SecretVersion;
    }
  | { readonly kind: 'secret.deleted'; readonly vault: string; readonly secret: string }
  | { readonly kind: 'secret.recovered'; readonly vault: string; readonly secret: string }
  | { readonly kind: 'secret.purged'; readonly vault: string; readonly secret: string }
  | { readonly kind: 'group.written'; readonly before: VariableGroup; readonly after: VariableGroup }
  | { readonly kind: 'group.deleted'; readonly before: VariableGroup }
  | { readonly kind: 'endpoint.written'; readonly before: ServiceEndpoint; readonly after: ServiceEndpoint }
  | { readonly kind: 'endpoint.deleted'; readonly before: ServiceEndpoint }
  | { readonly kind: 'token.issued'; readonly audience: string; readonly subject: string; readonly clientId: string };

export type ChangeListener = (change: Change) => void;
