import type { Db } from '../schema';

/** Action ids that are too long for a channel, by the token that stands for them. */
export class ActionTokensRepository {
  constructor(private readonly db: Db) {}

  /** A token that is known keeps its value: a token is made of what it stands for. */
  async put(instanceId: string, tokens: { token: string; value: string }[]): Promise<void> {
    if (tokens.length === 0) return;
    const createdAt = Date.now();
    await this.db
      .insertInto('actionTokens')
      .values(tokens.map(({ token, value }) => ({ instanceId, token, value, createdAt })))
      .onConflict((conflict) => conflict.columns(['instanceId', 'token']).doUpdateSet({ createdAt }))
      .execute();
  }

  async get(instanceId: string, token: string): Promise<string | null> {
    const row = await this.db
      .selectFrom('actionTokens')
      .select('value')
      .where('instanceId', '=', instanceId)
      .where('token', '=', token)
      .executeTakeFirst();
    return row?.value ?? null;
  }
}
