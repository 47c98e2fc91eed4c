import { describeScript } from './harness/script.suite';
import { telegramStages } from './harness/stages';

describe('the conversation on Telegram', () => describeScript(telegramStages));
