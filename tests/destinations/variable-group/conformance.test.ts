import { describeConformance } from '../conformance.ts';
import { describePlantedFaults } from '../one-slot/planted-faults.ts';
import { groupStage } from './stage.ts';

describeConformance('A variable group', () => groupStage());
describePlantedFaults('a variable group', groupStage);
