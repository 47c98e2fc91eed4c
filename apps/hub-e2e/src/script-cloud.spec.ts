import { describeScript } from './harness/script.suite';
import { cloudStages } from './harness/stages';

describe('the conversation on WhatsApp by the Cloud API', () => describeScript(cloudStages));
