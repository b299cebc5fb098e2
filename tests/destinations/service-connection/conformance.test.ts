import type { Connection } from '../../../src/destinations/service-connection/service-connection.ts';
import { describeConformance } from '../conformance.ts';
import { slotFaults } from '../one-slot/planted-faults.ts';
import { describePlantedFaults } from '../planted-faults.ts';
import { connectionStage } from './stage.ts';

describeConformance('A service connection', () => connectionStage());
describePlantedFaults('a service connection', slotFaults<Connection>(), connectionStage);
