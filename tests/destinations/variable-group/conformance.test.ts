import type { Group } from '../../../src/destinations/variable-group/variable-group.ts';
import { describeConformance } from '../conformance.ts';
import { slotFaults } from '../one-slot/planted-faults.ts';
import { describePlantedFaults } from '../planted-faults.ts';
import { groupStage } from './stage.ts';

describeConformance('A variable group', () => groupStage());
describePlantedFaults('a variable group', slotFaults<Group>(), groupStage);
