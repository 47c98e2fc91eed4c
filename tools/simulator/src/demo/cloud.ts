import { cloudTranscriptLine, startCloudSimulator } from '..';
import type { DemoHub } from './hub';
import { question } from './question';
import { terminalOf } from './terminal';

interface Message {
  deliveries: { statuses: { status: string }[] }[];
}

/** Buttons that an application sends, the press of one, and what WhatsApp tells of the message. */
export async function onCloud(hub: DemoHub): Promise<void> {
  const { line, remark } = terminalOf('WhatsApp Cloud');
  const cloud = await startCloudSimulator();
  try {
    const number = await cloud.number({ name: 'Demo Shop' });
    const cem = cloud.person({ number, name: 'Cem', phone: '4915112345678' });
    cloud.watch((happening) => {
      if (happening.kind === 'message') line(cloudTranscriptLine(happening.chat, happening.entry));
    });
    await hub.addInstance('cloud', 'whatsapp', {
      provider: 'cloud',
      apiUrl: cloud.url,
      phoneNumberId: number.id,
      businessAccountId: number.wabaId,
      accessToken: number.accessToken,
      appSecret: number.appSecret,
      verifyToken: number.verifyToken,
    });
    const answerTo = async (act: () => unknown) => {
      act();
      await cloud.waitForReply(cem, () => true, 15_000);
    };
    await answerTo(() => cem.says('Do you have tea?'));
    remark('an application sends buttons through the hub’s API');
    let id = '';
    await answerTo(async () => {
      const message = { to: `+${cem.phone}`, content: question };
      ({ id } = await hub.ask<{ id: string }>('POST', '/api/v1/instances/cloud/messages', message));
    });
    await answerTo(() => cem.presses('Green'));
    cem.readsAll();
    const sent = await hub.askUntil<Message>(`/api/v1/messages/${id}`, (message) =>
      statusesOf(message).includes('read'),
    );
    remark(`the hub’s record of the buttons: ${statusesOf(sent).join(' → ')}`);
  } finally {
    await cloud.close();
  }
}

function statusesOf({ deliveries }: Message): string[] {
  return deliveries.flatMap(({ statuses }) => statuses.map(({ status }) => status));
}
