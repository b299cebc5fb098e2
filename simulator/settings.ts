/**
 * Everything the published descriptions leave open, or on which sources disagree, in one place: what, both answers, and
 * where each comes from. The defaults are the likelier answers; the product has to work with every one of them.
 */
export type ServiceName = 'entra' | 'azureDevOps' | 'keyVault';

/** Seconds by which a service is ahead of the world (negative: behind). Absent: none. */
export type SecondsAhead = Readonly<Partial<Record<ServiceName, number>>>;

export interface Settings {
  // --- PAT lifecycle API: answers ---

  /**
   * HTTP status of an answer whose patTokenError is not `none`. 200: the OpenAPI description defines no other status.
   * 400: no transcript of a refused create is published, so a service that uses the status as well is possible.
   */
  readonly refusalStatus: 200 | 400;
  /** Status of a successful DELETE. The OpenAPI description says 200, its own example says 204. */
  readonly revokeStatus: 200 | 204;
  /** Does a JSON answer begin with a UTF-8 byte order mark? Some clients trim one, most never met one. */
  readonly byteOrderMark: boolean;
  /** Entries per page when `$top` is absent. The limit is 100 (OpenAPI); the default is not published. */
  readonly defaultPageSize: number;
  /** `$top` over 100: `clamped` to 100, or `refused` with 400. The limit is published, what happens beyond it is not. */
  readonly topAboveLimit: 'clamped' | 'refused';
  /**
   * What a continuation token points at. `key`: the last entry, so that what comes or goes meanwhile shifts nothing.
   * `offset`: a position, so that a revocation between two pages hides an entry. Not published.
   */
  readonly continuation: 'key' | 'offset';
  /** What a list shows when displayFilterOption is absent. Not published. */
  readonly defaultFilter: 'active' | 'all';
  /** Seconds until a new PAT appears in lists (GET by id finds it at once). No delay is published, and none is excluded. */
  readonly listLagSeconds: number;
  /**
   * Scopes of a PAT that is made: `asAsked`, or `withImplied`, those that the asked ones include as well (the table of
   * integrate/get-started/authentication/oauth says "inherits from"). Not published.
   */
  readonly newScopes: 'asAsked' | 'withImplied';
  /** Order of the scopes within `scope` in answers. Not published; the UI is known to reorder them. */
  readonly scopeOrder: 'asSent' | 'sorted' | 'reversed';
  /**
   * Precision of stored dates. `databaseTime`: multiples of 1/300 s, as the published examples show (`.319Z` sent,
   * `.32Z` back, `.1033333Z`). `milliseconds`, `seconds`: what other storage would do.
   */
  readonly timePrecision: 'databaseTime' | 'milliseconds' | 'seconds';
  /**
   * GET by id of a revoked PAT: `authorizationNotFound` in patTokenError; `stillShown`, the PAT as if nothing had
   * happened (the answer has no status field to tell); `notFound`, HTTP 404. Not published.
   */
  readonly revokedPatById: 'authorizationNotFound' | 'stillShown' | 'notFound';
  /**
   * DELETE of an id that is unknown or revoked already: `accepted` like any other; `authorizationNotFound` inside the
   * answer (Azure/azure-sdk-tools catches "session token not found"); `notFound`, HTTP 404. Not published.
   */
  readonly revokeOfUnknown: 'accepted' | 'authorizationNotFound' | 'notFound';

  // --- PAT lifecycle API: rules ---

  /** Does `validFrom` move when a PAT is extended? Not published; the order of a family's PATs rests on it. */
  readonly validFromOnExtension: 'kept' | 'moved';
  /** May two active PATs share a display name? Microsoft's own clients create before they revoke, so they may; a `refused` create says invalidDisplayName. */
  readonly duplicateNames: 'allowed' | 'refused';
  /** Longest display name. Not published. */
  readonly displayNameLimit: number;
  /** Characters that a display name must not have (invalidDisplayName), as one string. Not published. */
  readonly displayNameForbids: string;
  /** Days of life when create has no validTo. It is optional in Microsoft's sample; 30 is the UI's default. */
  readonly defaultLifetimeDays: number;
  /** A validTo over one year ahead: `invalidValidTo`, or `clamped` to one year. Only the limit itself is published. */
  readonly beyondOneYear: 'invalidValidTo' | 'clamped';
  /** What the year is counted from in an update: `now`, or the PAT's `creation`. Not published. */
  readonly updateYearCountsFrom: 'now' | 'creation';
  /** Update without allOrgs: `kept` as it was, or `reset` to one organization. Not published. */
  readonly allOrgsOmitted: 'kept' | 'reset';
  /**
   * Can a PAT for all organizations still be created? `blocked` since 2026-03-15 (release notes, sprint 270;
   * globalPATCreationBlocked); the announcement on devblogs was later changed to "allowed until December 1".
   */
  readonly globalCreation: 'blocked' | 'allowed';
  /** Can an existing PAT for all organizations still be extended or renamed? "Creation and regeneration" are blocked; editing is not mentioned. */
  readonly globalUpdate: 'allowed' | 'blocked';
  /**
   * Update of a PAT whose targetAccounts name several organizations: `keptUnlessAsked`, they stay unless allOrgs is sent;
   * `narrowed` to this organization by any update; `refused`, invalidTargetAccounts. The update's description has no such field.
   */
  readonly severalAccountsUpdate: 'keptUnlessAsked' | 'narrowed' | 'refused';
  /** From this instant PATs for all organizations stop working (release notes, sprint 270). ISO 8601. */
  readonly globalRetirement: string;
  /** Do such PATs, and those of several named organizations, appear in the list of each of them? "Created in this organization" (OpenAPI) says no, "null if the token applies to all" says yes. */
  readonly globalsListedEverywhere: boolean;
  /** Can an expired PAT be extended? `no` since 2026-03-31 (release notes, sprint 271); the filter's description still says "unless updated with a new expiration date". */
  readonly expiredExtendable: 'no' | 'yes';
  /**
   * An update of a PAT that breaks a policy made later, and that does not mend it (a rename): `allowed`, or `refused`
   * with the policy's error. "Must be changed before renewal" (manage-pats-with-policies) is all that is published.
   */
  readonly nonCompliantUpdate: 'allowed' | 'refused';
  /** Does the organization's "Restrict PAT creation" policy also refuse updates? "Create and regenerate" are published. */
  readonly creationRestrictionCoversUpdate: boolean;
  /** Shape of new values: 84 characters with AZDO at offset 76 (release notes, sprint 241), or the older 52 of base32. */
  readonly valueShape: 'current' | 'legacy';

  // --- Azure DevOps: who may call ---

  /**
   * A bearer that is bad or expired: `signInPage`, 203 with HTML; `redirect`, 302 to the sign-in page; `unauthorized`,
   * 401 with TF400813. All three are reported (microsoft/azure-devops-auth-samples#52, MicrosoftDocs/azure-devops-docs#13661).
   */
  readonly badBearer: 'signInPage' | 'redirect' | 'unauthorized';
  /** Does `X-TFS-FedAuthRedirect: Suppress` turn the sign-in page and the redirect into a 401? Microsoft's agent relies on it. */
  readonly honoursSuppress: boolean;
  /**
   * Delegated scopes that the PAT API wants. `any`: user_impersonation will do, as will vso.pats with vso.pats_manage
   * (many users, Azure CLI). `vsoPats`: only the latter ("now required", release notes, sprint 257).
   */
  readonly patApiScopes: 'any' | 'vsoPats';
  /** Status of the JSON that refuses a service principal. The body is published, the status is not. */
  readonly servicePrincipalStatus: 400 | 401 | 403;
  /** An organization that does not exist: a 404 page in HTML, or a 404 in JSON. */
  readonly unknownOrganization: 'html' | 'json';
  /** PAT scopes that may call connectionData, or `all`. Not published; a full-access PAT always may. */
  readonly connectionDataScopes: 'all' | readonly string[];
  /**
   * connectionData with an expired PAT: `explained` by X-TFS-ServiceError and AccessCheckException
   * (microsoft/azure-pipelines-agent#1559), or `bare`, a 401 without a body (measured by cjohnstoniv/wardyn).
   */
  readonly expiredPatAnswer: 'explained' | 'bare';
  /** Seconds until a new PAT is accepted. No delay is published; a live probe worked at once. */
  readonly newPatWorksAfterSeconds: number;
  /** Seconds during which a revoked PAT still works: "up to one hour" (admin-revoke-user-pats). */
  readonly revokedPatWorksForSeconds: number;
  /** Is authenticatedUser.id the same in every organization? Usually; not published. */
  readonly identityIds: 'sameEverywhere' | 'perOrganization';

  // --- Azure DevOps: variable groups ---

  /** A secret that a write has as `null` with `isSecret`: `kept` (the published PUT example), or `wiped`. */
  readonly groupNullSecret: 'kept' | 'wiped';
  /** A secret whose entry has no `value` at all: `kept` or `wiped`. Not published. */
  readonly groupAbsentSecret: 'kept' | 'wiped';
  /** Project references in a list of groups: `null` (microsoft/azure-devops-node-api#424), or `shown`. */
  readonly groupReferencesInList: 'null' | 'shown';
  /** The same in a group that is read by its id: Terraform puts back what it got there. */
  readonly groupReferencesById: 'shown' | 'null';
  /** A write without references: 400 that explains itself, or a plain 401 (MicrosoftDocs/vsts-rest-api-specs#531). */
  readonly groupWithoutReferences: 'explained' | 'unauthorized';
  /** A project that a write leaves out of the references: not shared any more, or `kept`. Not published. */
  readonly groupReferenceLeftOut: 'unshared' | 'kept';
  /** What a write that the service breaks off with a 500 has stored. Secrets live in another store; not published. */
  readonly brokenGroupWrite: 'nothing' | 'secretsOnly' | 'plainOnly';
  /** `modifiedBy` in answers: the `caller` (published examples), or an id of zeros. */
  readonly groupModifiedBy: 'caller' | 'emptyId';
  /** Does a write that changes nothing move `modifiedOn`? Not published. */
  readonly groupUnchangedWrite: 'dated' | 'ignored';
  /** Status of a read or a write for which the caller lacks the right. Found nowhere. */
  readonly groupRightMissing: 401 | 403 | 404;
  /** A read of an id that does not exist: 200 with `null` (Terraform checks for that), or 404. */
  readonly groupUnknown: 'null' | 'notFound';
  /** Two variables whose names differ in case only: `merged` (names ignore case), `both`, or `refused`. */
  readonly groupNamesByCase: 'merged' | 'both' | 'refused';
  /** A value of more than 4,096 characters (MicrosoftDocs/azure-devops-docs#1380): `refused`, or `cut`. */
  readonly groupValueTooLong: 'refused' | 'cut';
  /** A dot in a variable's name: documentation allows it, tools meet refusals. */
  readonly groupNameWithDot: 'accepted' | 'refused';
  /** What the library's page sends for a secret that nobody touched: `null`, or no value. */
  readonly groupPageSave: 'null' | 'absent';
  /** Seconds during which a read still shows a group as it was before a write. Terraform polls after it creates one. */
  readonly groupReadLagSeconds: number;

  // --- Azure DevOps: service connections ---

  /** A secret parameter that a write has as `null`: `kept`, or `wiped`. Wipes are reported for empty texts only. */
  readonly endpointNullSecret: 'kept' | 'wiped';
  /** A secret parameter that a write leaves out: `kept` or `wiped`. Not published. */
  readonly endpointAbsentSecret: 'kept' | 'wiped';
  /** An empty text for a secret: it `wipes` (microsoft/terraform-provider-azuredevops#550), or is `refused`. */
  readonly endpointEmptySecret: 'wipes' | 'refused';
  /** A PUT whose path names a project: `accepted` (dotnet/dnceng does it), or 405. */
  readonly endpointPutByProject: 'accepted' | 'refused';
  /** Unknown keys in `data`: `kept`, `dropped` or `refused`. Not published. */
  readonly endpointUnknownData: 'kept' | 'dropped' | 'refused';
  /** Has each project a description of its own, or is there `one`? The description of `name` says the former. */
  readonly endpointDescription: 'perProject' | 'one';
  /** A description of more than 1,024 characters (Terraform's rule): `refused`, or `cut`. */
  readonly endpointDescriptionTooLong: 'refused' | 'cut';
  /** A project that a write leaves out of the references: not shared any more, or `kept`. Not published. */
  readonly endpointReferenceLeftOut: 'unshared' | 'kept';
  /** A write of the secret by an administrator of the project's level: status. 500 is reported from a pipeline. */
  readonly endpointRightMissing: 401 | 403 | 500;
  /** `modificationDate` and `modifiedBy`: `shown` (new in 7.2), or `absent`. */
  readonly endpointModified: 'shown' | 'absent';
  /** Does an edit of nothing but a description move them? Not published. */
  readonly endpointDescriptionEdit: 'dated' | 'undated';
  /** What a write that the service breaks off with a 500 has stored. Not published. */
  readonly brokenEndpointWrite: 'nothing' | 'secretsOnly' | 'plainOnly';
  /** Seconds after a write until `isReady` is true again: 0 for types with a token. */
  readonly endpointReadyAfterSeconds: number;
  /** What a Reader is given: an object without `type` and `data` (Terraform checks for it), or a refusal. */
  readonly endpointForReader: 'bare' | 'refused';
  /** A read of an id that does not exist: 200 with `null` (Terraform checks for that), or 404. */
  readonly endpointUnknown: 'null' | 'notFound';
  /** What the connection's page does with a token that nobody typed: sends `null`, sends none, or `asks` for it. */
  readonly endpointPageSave: 'null' | 'absent' | 'asks';
  /** `createdBy`, `isReady` and `operationStatus` in a write: `ignored`, or `refused`. */
  readonly endpointOwnFieldsSent: 'ignored' | 'refused';
  /** Are `endpointNames` compared without regard to case? Not published. */
  readonly endpointNamesAsked: 'ignoringCase' | 'exact';
  /** Seconds during which a read still shows a connection as it was before a write. */
  readonly endpointReadLagSeconds: number;
  /** When does a job get its variables and connections: when it is `queued`, or when it is `started`? Both are reported. */
  readonly jobReads: 'queued' | 'started';

  // --- Entra ID ---

  /** Lifetime of an access token in seconds. Entra chooses 60 to 90 minutes at random. */
  readonly accessTokenSeconds: number;
  /** Days without use after which a refresh token is refused with AADSTS700082. */
  readonly refreshTokenDays: number;
  /** Is a refresh token spent by its use? `no` (entra/identity-platform/refresh-tokens); `yes` in a rotation runbook of Fahmy-Kadiri-akl/custom-producer. */
  readonly refreshTokenSpentByUse: 'no' | 'yes';
  /** Wrong passwords in a row until smart lockout answers AADSTS50053 (Entra's default is 10). */
  readonly lockoutAfter: number;
  /** Seconds a client must wait between two polls for a device code (RFC 8628; Entra says 5). */
  readonly devicePollSeconds: number;

  // --- Key Vault ---

  /** Entries per page: 25 (Key Vault REST), or fewer, so that paging is met with few versions. */
  readonly vaultPageSize: number;
  /** Versions of a secret that does not exist: an empty list (Azure/azure-sdk-for-js, a recording of the service), or 404 SecretNotFound, which is reported. */
  readonly versionsOfUnknown: 'empty' | 'notFound';
  /**
   * GET of a secret whose `nbf` is in the future: `given`, since the dates are "for informational purposes only" (about-secrets),
   * or `refused` with 403, as other implementations do.
   */
  readonly secretBeforeItsDate: 'given' | 'refused';
  /** Two sets within one second: which of them is the newest? `created` has whole seconds; the tie-break is not published. */
  readonly newestOfTie: 'laterSet' | 'earlierSet';
  /** Longest tag name or value: 256 in the REST reference's older text, 512 in about-secrets today. */
  readonly tagLengthLimit: number;
  /** Seconds during which a deleted secret is "being deleted" (409 ObjectIsBeingDeleted) before it is recoverable. */
  readonly deletionSeconds: number;

  // --- Clocks ---

  /** How far each service's clock is from the world's: it stamps what the service keeps, and the `Date` of its answers. */
  readonly clockAheadSeconds: SecondsAhead;
  /** How far the `Date` of the answers is from the service's own clock, as where a front end in between writes it. */
  readonly dateAheadSeconds: SecondsAhead;
  /** Do answers carry a `Date` at all? A proxy may take it out. */
  readonly sendsDate: boolean;

  // --- Network ---

  /** What the proxy does with a host that does not exist: answers the CONNECT with 502 or 504, or closes the connection. */
  readonly unknownHost: 502 | 504 | 'close';
}

export const defaultSettings: Settings = {
  refusalStatus: 200,
  revokeStatus: 204,
  byteOrderMark: false,
  defaultPageSize: 20,
  topAboveLimit: 'clamped',
  continuation: 'key',
  defaultFilter: 'active',
  listLagSeconds: 0,
  newScopes: 'asAsked',
  scopeOrder: 'asSent',
  timePrecision: 'databaseTime',
  revokedPatById: 'authorizationNotFound',
  revokeOfUnknown: 'accepted',

  validFromOnExtension: 'kept',
  duplicateNames: 'allowed',
  displayNameLimit: 256,
  displayNameForbids: '',
  defaultLifetimeDays: 30,
  beyondOneYear: 'invalidValidTo',
  updateYearCountsFrom: 'now',
  allOrgsOmitted: 'kept',
  globalCreation: 'blocked',
  globalUpdate: 'allowed',
  severalAccountsUpdate: 'keptUnlessAsked',
  globalRetirement: '2026-12-01T00:00:00Z',
  globalsListedEverywhere: true,
  expiredExtendable: 'no',
  nonCompliantUpdate: 'allowed',
  creationRestrictionCoversUpdate: false,
  valueShape: 'current',

  badBearer: 'signInPage',
  honoursSuppress: true,
  patApiScopes: 'any',
  servicePrincipalStatus: 403,
  unknownOrganization: 'html',
  connectionDataScopes: 'all',
  expiredPatAnswer: 'explained',
  newPatWorksAfterSeconds: 0,
  revokedPatWorksForSeconds: 0,
  identityIds: 'sameEverywhere',

  groupNullSecret: 'kept',
  groupAbsentSecret: 'kept',
  groupReferencesInList: 'null',
  groupReferencesById: 'shown',
  groupWithoutReferences: 'explained',
  groupReferenceLeftOut: 'unshared',
  brokenGroupWrite: 'nothing',
  groupModifiedBy: 'caller',
  groupUnchangedWrite: 'dated',
  groupRightMissing: 403,
  groupUnknown: 'null',
  groupNamesByCase: 'merged',
  groupValueTooLong: 'refused',
  groupNameWithDot: 'accepted',
  groupPageSave: 'null',
  groupReadLagSeconds: 0,

  endpointNullSecret: 'kept',
  endpointAbsentSecret: 'kept',
  endpointEmptySecret: 'wipes',
  endpointPutByProject: 'accepted',
  endpointUnknownData: 'kept',
  endpointDescription: 'perProject',
  endpointDescriptionTooLong: 'refused',
  endpointReferenceLeftOut: 'unshared',
  endpointRightMissing: 403,
  endpointModified: 'shown',
  endpointDescriptionEdit: 'dated',
  brokenEndpointWrite: 'nothing',
  endpointReadyAfterSeconds: 0,
  endpointForReader: 'bare',
  endpointUnknown: 'null',
  endpointPageSave: 'null',
  endpointOwnFieldsSent: 'ignored',
  endpointNamesAsked: 'ignoringCase',
  endpointReadLagSeconds: 0,
  jobReads: 'started',

  accessTokenSeconds: 4500,
  refreshTokenDays: 90,
  refreshTokenSpentByUse: 'no',
  lockoutAfter: 10,
  devicePollSeconds: 5,

  vaultPageSize: 25,
  versionsOfUnknown: 'empty',
  secretBeforeItsDate: 'given',
  newestOfTie: 'laterSet',
  tagLengthLimit: 256,
  deletionSeconds: 0,

  clockAheadSeconds: {},
  dateAheadSeconds: {},
  sendsDate: true,

  unknownHost: 502,
};
