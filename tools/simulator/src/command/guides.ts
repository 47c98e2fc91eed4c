import type {
  BusinessNumber,
  CloudPerson,
  DiscordSimulator,
  EvolutionPerson,
  EvolutionSimulator,
  Person,
  SimulatedApplication,
  SlackApp,
  SlackSimulator,
} from '..';

/** What to paste, for each of the fake platforms: the body that makes an instance of the hub, and what can be done then. */

export const telegramGuide = (url: string, agentUrl: string, token: string, { user }: Person) =>
  guide('Fake Telegram', url, instance('telegram', agentUrl, { token, mode: 'polling', apiUrl: url }), [
    ['Ada writes to the bot', post(`${url}/control/people/${user.id}/says`, { text: 'hello' })],
    ['Read the chat', `curl ${url}/control/chats/${user.id}`],
    [
      'The next message meets a rate limit',
      post(`${url}/control/faults`, {
        method: 'sendMessage',
        nth: 1,
        fault: { kind: 'rate-limit', retryAfter: 2 },
      }),
    ],
  ]);

export const cloudGuide = (url: string, agentUrl: string, number: BusinessNumber, { phone }: CloudPerson) => {
  const config = {
    provider: 'cloud',
    apiUrl: url,
    phoneNumberId: number.id,
    businessAccountId: number.wabaId,
    accessToken: number.accessToken,
    appSecret: number.appSecret,
    verifyToken: number.verifyToken,
  };
  return guide('Fake WhatsApp Cloud API', url, instance('whatsapp', agentUrl, config), [
    ['Cem writes to it', post(`${url}/control/people/${phone}/says`, { text: 'hello' })],
    ['A day passes, and the 24-hour windows close', post(`${url}/control/clock`, { advanceMs: 86_400_000 })],
    [
      'The next message to Cem fails after it was accepted',
      post(`${url}/control/people/${phone}/fails`, { code: 131026 }),
    ],
  ]);
};

export const evolutionGuide = (
  { url, apiKey }: EvolutionSimulator,
  agentUrl: string,
  { name: person, instance: { name } }: EvolutionPerson,
) => {
  const config = {
    provider: 'evolution',
    apiUrl: url,
    mediaUrl: url,
    apiKey,
    instanceName: name,
    webhookSecret: 'a-secret-of-16-or-more',
  };
  return guide('Fake Evolution API', url, instance('whatsapp', agentUrl, config), [
    ['Bia writes to it', post(`${url}/control/people/${person}/says`, { text: 'hello' })],
    [
      'With another instanceName the hub makes the instance; somebody scans its QR code',
      post(`${url}/control/instances/NAME/scans`),
    ],
    [
      'WhatsApp restricts the account',
      post(`${url}/control/instances/${name}/restrict`, { warmStillWorks: true }),
    ],
  ]);
};

export const discordGuide = (
  { url, apiUrl }: DiscordSimulator,
  agentUrl: string,
  { id, token, publicKey }: SimulatedApplication,
) => {
  const config = { token, applicationId: id, publicKey, mode: 'gateway', apiUrl };
  return guide('Fake Discord', url, instance('discord', agentUrl, config), [
    ['Eli writes in the guild', post(`${url}/control/people/Eli/says`, { text: 'hello' })],
    ['Eli writes to the bot', post(`${url}/control/people/Eli/dms`, { text: 'hello' })],
    [
      'Eli uses a command',
      post(`${url}/control/people/Eli/uses-command`, { command: 'ask', options: { question: 'why?' } }),
    ],
    ['The connections drop', post(`${url}/control/gateway/drop`)],
  ]);
};

export const slackGuide = (slack: SlackSimulator, agentUrl: string, app: SlackApp) => {
  const { url } = slack;
  return guide('Fake Slack', url, instance('slack', agentUrl, slack.configOf(app)), [
    [
      'As in the settings of an app, Slack is told where the hub is',
      post(`${url}/control/apps/${app.id}/request-url`, {
        url: 'http://127.0.0.1:8882/webhooks/slack/slack',
      }),
    ],
    ['Ida writes to the app', post(`${url}/control/people/Ida/says`, { text: 'hello' })],
    [
      'Ida mentions it in a channel',
      post(`${url}/control/people/Ida/mentions`, { text: 'hello', chat: 'help' }),
    ],
    ['Ida gives a command', post(`${url}/control/people/Ida/commands`, { command: '/ask', text: 'why?' })],
  ]);
};

export const agentGuide = (agentUrl: string) =>
  guide('Fake agent', agentUrl, null, [
    ['It hangs', post(`${new URL(agentUrl).origin}/control/answers`, { kind: 'hang' })],
    ['It answers again', post(`${new URL(agentUrl).origin}/control/answers`, { kind: 'echo' })],
  ]);

function guide(title: string, url: string, body: string | null, deeds: [what: string, command: string][]) {
  return [
    `${title}: ${url}`,
    ...(body ? ['  An instance of the hub, as the body of POST /api/v1/instances:', `    ${body}`] : []),
    ...deeds.flatMap(([what, command]) => [`  ${what}:`, `    ${command}`]),
    '',
  ].join('\n');
}

function instance(channel: string, agentUrl: string, config: Record<string, unknown>): string {
  const name = String(config.provider ?? channel);
  return JSON.stringify({ name, channel, config, agent: { kind: 'http', url: agentUrl } });
}

function post(url: string, body?: object): string {
  return `curl -X POST ${url}${body ? ` -d '${JSON.stringify(body)}'` : ''}`;
}
