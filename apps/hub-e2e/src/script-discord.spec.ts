import { describeScript } from './harness/script.suite';
import { discordStages } from './harness/stages';

describe('the conversation on Discord', () => describeScript(discordStages));
