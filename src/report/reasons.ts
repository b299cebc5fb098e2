import { toIsoSeconds } from '../renewal/instant.ts';
import type { DueReason, KeepReason } from '../renewal/plan.ts';
import type { Refusal } from '../renewal/refusal.ts';
import type { StayReason } from '../renewal/retire.ts';

/** The one place where the rules' reasons become words. What decides is the code, never the sentence. */

/** Why a family is renewed. @param place how sentences call its place; undefined: its value is handed over */
export function dueWords(reason: DueReason, place: string | undefined): string {
  const there = place ?? 'its place';
  switch (reason) {
    case 'nothing is there yet':
      return `${there} holds nothing of this task yet`;
    case 'a value of somebody’s is there':
      return `${there} holds a value that this task did not store`;
    case 'what is there is disabled':
      return `what ${there} holds is disabled`;
    case 'the PAT there has expired':
      return `the PAT in ${there} has expired`;
    case 'the PAT there was revoked':
      return `the PAT in ${there} was revoked`;
    case 'none is known to be in use':
      return 'none of its PATs is known to be in use';
    case 'ends soon':
      return 'it ends soon';
    case 'every run renews':
      return 'every run renews';
    case 'several may be in use':
      return 'several of its PATs may be in use';
    case 'one was never confirmed':
      return 'a value that was handed over was never confirmed';
    case 'another one may be what is read':
      return `a younger PAT that no record names may be what ${there} holds`;
  }
}

/** Why a family is left as it is: a sentence. */
export function keepSentence(why: KeepReason): string {
  switch (why.code) {
    case 'not due':
      return `Not due before ${toIsoSeconds(why.dueFrom)}.`;
    case 'delivered by this pipeline run':
      return 'An earlier attempt of this pipeline’s run has replaced it, so it is not replaced again.';
    case 'handed over in this job':
      return 'Its new value was handed over earlier in this job, so no other one is made.';
  }
}

/** Why no successor is made, and what to do; begins in lower case. */
export function refusalWords(refusal: Refusal, place: string): string {
  switch (refusal.code) {
    case 'holds another PAT': {
      const { displayName, authorizationId, scope } = refusal.member.pat;
      return (
        `${place} holds another active PAT of this account, "${displayName}" (${authorizationId}, scopes "${scope}"), and its ` +
        'consumers would be given this one in its place. Name another place for this PAT in the input pats ' +
        '("name => place"), or revoke the other one if nobody needs it.'
      );
    }
    case 'of another account': {
      const { account, organization, displayName } = refusal.claim;
      return (
        `${place} holds the PAT "${displayName}" of account ${account} in organization "${organization}". Give this PAT a place ` +
        'of its own (a rule "name => place", or the input secretName with {organization}). If that account was deleted and made ' +
        'anew as this one, remove the tags or the record that begin with renewPats there, and run again: the value is then taken over.'
      );
    }
    case 'of another organization': {
      const { organization, displayName } = refusal.claim;
      return (
        `${place} holds the PAT "${displayName}" of this account in organization "${organization}", and no PAT of that id is ` +
        'listed here. Either that is another organization: give this PAT a place of its own (a rule "name => place", or the input ' +
        'secretName with {organization}). Or this organization was renamed, and that PAT has been deleted since: then remove the ' +
        'tags or the record that begin with renewPats there, and run again.'
      );
    }
    case 'somebody’s value':
      return `${place} ${valueWords(refusal.value)}`;
    case 'a left-out PAT’s':
      return (
        `${place} holds a value that this task did not store, and by its name it belongs to the PAT "${refusal.name}", which the ` +
        'rules leave out. Name another place for this PAT in the input pats ("name => place"), or select that one too.'
      );
    case 'obstacle':
      return refusal.sentence;
    case 'too many leftovers': {
      const ids = refusal.leftovers.map(({ pat }) => pat.authorizationId);
      return (
        `${ids.length} PATs of that name are left over from earlier runs, and nothing says that any of them is used ` +
        `(${ids.join(', ')}), so no further one is made. Read in the last runs why their values did not arrive, were never ` +
        'confirmed, or why their names could not be marked, and mend that; then revoke those that nobody uses.'
      );
    }
    case 'global PATs end too soon':
      return (
        'a new PAT valid in all organizations would be due again at once: Microsoft retires such PATs on 2026-12-01. Set the ' +
        'input allOrgs to keep or false.'
      );
    case 'an organization was not seen':
      return (
        `organization ${refusal.organizations.map((name) => `"${name}"`).join(', ')} could not be read, and a PAT there may lead to ` +
        'the same place, so nothing is delivered for the first time. Put that right, and run again.'
      );
  }
}

function valueWords(value: Extract<Refusal, { code: 'somebody’s value' }>['value']): string {
  const instead = 'Name another place for this PAT in the input pats';
  switch (value) {
    case 'another identity’s':
      return `holds a living PAT of another identity. ${instead}.`;
    case 'managed':
      return `belongs to a certificate. ${instead}.`;
    case 'unreadable':
      return (
        'holds a value that was not written by this task, and the task is not allowed to read it, so it cannot know whether it may ' +
        'be replaced. Grant the right to get secrets (role Key Vault Secrets Officer).'
      );
    case 'not readable by anybody':
    case 'unknown':
      return (
        'holds a value that this task has not written yet, and nobody can read it back. If it may be replaced, set the input ' +
        `takeOver to true for one run. If it is somebody else’s: ${instead.toLowerCase()}.`
      );
    default:
      return (
        'holds somebody’s value that is no PAT (not 52 or 84 characters of that form). ' +
        `${instead}, or delete that value if nobody needs it.`
      );
  }
}

/** Why a PAT is not revoked; begins in lower case, without a full stop. */
export function stayWords(why: StayReason): string {
  switch (why) {
    case 'not active':
      return 'it is not active';
    case 'valid in several organizations':
      return 'it is valid in more than one organization';
    case 'the current one is another family’s':
      return 'the current PAT has another name or other scopes';
    case 'the current one ends for good soon':
      return 'the PAT in use is valid in all organizations, and Microsoft retires such PATs on 2026-12-01';
    case 'named elsewhere':
      return 'another place’s record names it';
    case 'not superseded':
      return 'no newer delivery supersedes it';
    case 'doubt':
      return 'a younger PAT that no record names may be what consumers read; mode advanced delivers anew, and that supersedes both';
    case 'edited by others':
      return 'somebody else has changed the place since the last delivery; mode advanced delivers anew, and that ends it';
    case 'place not up to date':
      return 'one of its places does not hold the current PAT yet';
    case 'place not read':
      return 'one of its places could not be read';
    case 'no time told':
      return 'a service has not told its time, and how long it has been superseded is not known';
    case 'not marked':
      return 'its name holds no date after which it may be revoked';
    case 'cancelled':
      return 'the job was cancelled. The next run revokes it';
    case 'no newer one':
      return 'no newer PAT supersedes it';
  }
}
