import type { Destination } from '../destination.ts';
import { variablePlace } from './variable-group.ts';

/** Secret variables of variable groups of the PAT's own organization. */
export const variableGroup: Destination<'group'> = {
  kind: 'group',
  placeOf: ({ project, group, variable }, { devOps }, { organization, name }) => {
    if (variable === undefined) {
      return (
        `the name "${name}" leaves nothing for the name of a variable. Name one in the input pats ` +
        '("name => group:project/group/variable").'
      );
    }
    return variablePlace(devOps, { organization, project, group }, variable);
  },
};
