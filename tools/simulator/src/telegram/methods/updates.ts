import { badRequest } from '../errors';
import type { Call, Method } from '.';

/** How a bot gets its updates. */
export const updateMethods: Record<string, Method> = {
  getUpdates: ({ bot, params }) =>
    bot.updates.poll(
      params.integer('offset') ?? 0,
      Math.min(Math.max(params.integer('limit') ?? 100, 1), 100),
      params.number('timeout') ?? 0,
      params.json<string[]>('allowed_updates'),
    ),

  setWebhook,

  deleteWebhook: async ({ bot, params }) => {
    await bot.updates.setWebhook(null, params.flag('drop_pending_updates'));
    return true;
  },

  getWebhookInfo: ({ bot }) => bot.updates.info(),
};

/** Plain HTTP and any port are fine: this plays a local Bot API server. */
async function setWebhook({ bot, params }: Call): Promise<true> {
  const url = params.text('url') ?? '';
  const secretToken = params.text('secret_token') ?? null;
  if (url !== '' && !/^https?:\/\/./i.test(url))
    throw badRequest('bad webhook: invalid webhook URL specified');
  if (url !== '' && !URL.canParse(url)) throw badRequest('bad webhook: invalid webhook URL specified');
  if (secretToken !== null && secretToken.length > 256) throw badRequest('secret token is too long');
  if (secretToken !== null && !/^[A-Za-z0-9_-]*$/.test(secretToken)) {
    throw badRequest('secret token contains unallowed characters');
  }
  const maxConnections = Math.min(Math.max(params.integer('max_connections') ?? 40, 1), 100);
  const target = url === '' ? null : { url, secretToken, maxConnections };
  await bot.updates.setWebhook(
    target,
    params.flag('drop_pending_updates'),
    params.json<string[]>('allowed_updates'),
  );
  return true;
}
