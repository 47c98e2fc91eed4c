import { describeScript } from './harness/script.suite';
import { evolutionStages } from './harness/stages';

describe('the conversation on WhatsApp by Evolution API', () => describeScript(evolutionStages));
