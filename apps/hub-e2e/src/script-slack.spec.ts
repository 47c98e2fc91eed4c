import { describeScript } from './harness/script.suite';
import { slackStages } from './harness/stages';

describe('the conversation on Slack', () => describeScript(slackStages));
