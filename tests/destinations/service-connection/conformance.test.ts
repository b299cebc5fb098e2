import { describeConformance } from '../conformance.ts';
import { describePlantedFaults } from '../one-slot/planted-faults.ts';
import { connectionStage } from './stage.ts';

describeConformance('A service connection', () => connectionStage());
describePlantedFaults('a service connection', connectionStage);
