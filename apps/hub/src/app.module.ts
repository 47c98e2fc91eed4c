import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccessRules } from './access/access-rules';
import { AccessService } from './access/access.service';
import { Agents } from './agents/agents';
import { AccessRulesController } from './api/access-rules.controller';
import { ApiKeyGuard } from './api/api-key.guard';
import { ApiKeysController } from './api/api-keys.controller';
import { ApiKeys } from './api/api-keys.service';
import { ChatsController } from './api/chats.controller';
import { ContactsController } from './api/contacts.controller';
import { DeadLettersController } from './api/dead-letters.controller';
import { InstancesController } from './api/instances.controller';
import { MessagesController } from './api/messages.controller';
import { ProblemFilter } from './api/problem.filter';
import { ReplaysController } from './api/replays.controller';
import { TracesController } from './api/traces.controller';
import { TurnsController } from './api/turns.controller';
import { UploadsController } from './api/uploads.controller';
import { ListenersService } from './channels/listeners.service';
import { channelRegistry } from './channels/registry';
import { WebhooksEndpoint } from './channels/webhooks.endpoint';
import { HubConfig } from './config/hub.config';
import { SecretBox } from './config/secret-box';
import { Activity } from './flow/activity';
import { AgentKinds } from './flow/agent-kinds';
import { Arrivals } from './flow/arrivals';
import { ChannelRegistry } from './flow/channel-registry';
import { Intake } from './flow/intake';
import { createLog, Log } from './flow/log';
import { MediaLinks } from './flow/media-links';
import { Metrics } from './flow/metrics';
import { Outgoing } from './flow/outgoing';
import { OutgoingFiles } from './flow/outgoing-files';
import { Pacer } from './flow/pacer';
import { Replays } from './flow/replays';
import { Wakeups } from './flow/wakeups';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { StoreGauges } from './health/store-gauges';
import { Aliases } from './inbox/aliases';
import { InboxService } from './inbox/inbox.service';
import { AgentConfigs } from './instances/agent-configs';
import { ConnectionsService } from './instances/connections.service';
import { InstanceSecrets } from './instances/instance-secrets';
import { InstanceStates } from './instances/instance-states';
import { Instances } from './instances/instances';
import { InstancesService } from './instances/instances.service';
import { Lifecycle } from './lifecycle';
import { MediaFetcher } from './media/media-fetcher';
import { MediaFiles } from './media/media-files';
import { MediaReader } from './media/media-reader';
import { MediaSweeper } from './media/media-sweeper';
import { MediaController } from './media/media.controller';
import { MediaService } from './media/media.service';
import { NamedFiles } from './media/named-files';
import { OutgoingFilesService } from './media/outgoing-files.service';
import { TranscriptsService } from './media/transcripts.service';
import { OutboxService } from './outbox/outbox.service';
import { OutgoingService } from './outbox/outgoing.service';
import { ReplayJobs } from './replay/replay-jobs';
import { ReplaysService } from './replay/replays.service';
import { recordingChannels } from './recorder/recorder';
import { RouterService } from './router/router.service';
import { Store } from './storage/open-store';

/** What was opened before Nest starts: all that can stop a start with one readable line. */
export interface Opened {
  config: HubConfig;
  store: Store;
  secretBox: SecretBox;
}

/** The only place that knows every stage. */
@Module({})
export class AppModule {
  static with({ config, store, secretBox }: Opened): DynamicModule {
    const api = [
      InstancesController,
      MessagesController,
      ChatsController,
      ContactsController,
      AccessRulesController,
      DeadLettersController,
      TracesController,
      TurnsController,
      ReplaysController,
      UploadsController,
      ApiKeysController,
    ];
    return {
      module: AppModule,
      controllers: [HealthController, ...(config.roles.includes('api') ? [MediaController, ...api] : [])],
      providers: [
        { provide: HubConfig, useValue: config },
        { provide: Store, useValue: store },
        { provide: SecretBox, useValue: secretBox },
        { provide: Log, useFactory: () => createLog(config.logLevel) },
        { provide: ChannelRegistry, useFactory: (log: Log) => openChannels(config, log), inject: [Log] },
        Wakeups,
        Arrivals,
        Metrics,
        Activity,
        MediaLinks,
        Pacer,

        { provide: AgentKinds, useClass: Agents },
        InstanceSecrets,
        AgentConfigs,
        InstanceStates,
        Instances,
        ConnectionsService,
        InstancesService,
        AccessRules,
        AccessService,

        Aliases,
        { provide: Intake, useClass: InboxService },
        ListenersService,
        WebhooksEndpoint,
        MediaFiles,
        MediaFetcher,
        MediaReader,
        MediaService,
        MediaSweeper,
        NamedFiles,
        { provide: OutgoingFiles, useClass: OutgoingFilesService },
        TranscriptsService,
        RouterService,
        OutboxService,
        OutgoingService,
        { provide: Outgoing, useExisting: OutgoingService },
        ReplayJobs,
        ReplaysService,
        { provide: Replays, useExisting: ReplaysService },

        ApiKeys,
        { provide: APP_GUARD, useClass: ApiKeyGuard },
        ProblemFilter,
        { provide: APP_FILTER, useExisting: ProblemFilter },
        Readiness,
        StoreGauges,
        Lifecycle,
      ],
    };
  }
}

function openChannels({ channels, recordFixtures }: HubConfig, log: Log): ChannelRegistry {
  const all = recordFixtures ? recordingChannels(channelRegistry, recordFixtures, log) : channelRegistry;
  return new ChannelRegistry(all, channels);
}
