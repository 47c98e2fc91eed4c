import { ValidationPipe, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { json, type Request, type RequestHandler, type Response } from 'express';
import { refuseDeepJson } from './api/json-depth';
import { ProblemFilter } from './api/problem.filter';
import { AppModule, type Opened } from './app.module';
import { WebhooksEndpoint } from './channels/webhooks.endpoint';
import { apiDocument } from './document/api-document';
import { toFieldProblems } from './flow/content.check';
import { Log } from './flow/log';
import { Problem } from './flow/problem';

/** Media may come as base64 in a request of the API. */
const apiLimit = '20mb';

/** The HTTP side: raw bytes for webhooks, JSON for the API, problem documents for every failure, OpenAPI. */
export async function createServer(opened: Opened): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(opened), {
    bodyParser: false,
    bufferLogs: true,
  });
  app.useLogger(quietly(app.get<Log>(Log as never)));
  app.disable('x-powered-by');
  app.set('etag', false);
  if (opened.config.roles.includes('api')) takeWebhooks(app);
  app.use('/api', unlessUpload(json({ limit: apiLimit, strict: true })), refuseDeepJson);
  app.useGlobalPipes(
    new ValidationPipe({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: (errors) => Problem.fields(toFieldProblems(errors)),
    }),
  );
  SwaggerModule.setup('docs', app, () => apiDocument(app), { jsonDocumentUrl: 'openapi.json' });
  return app;
}

/** The body of an upload is a file, also where that is JSON. */
const unlessUpload =
  (parse: RequestHandler): RequestHandler =>
  (request, response, next) =>
    /^\/v1\/media\/?$/i.test(request.path) ? next() : parse(request, response, next);

function takeWebhooks(app: NestExpressApplication): void {
  const webhooks = app.get(WebhooksEndpoint);
  const problems = app.get(ProblemFilter);
  app.use('/webhooks', (request: Request, response: Response) => {
    webhooks.answer(request, response).catch((error: unknown) => problems.answer(error, response));
  });
}

/** Nest's own lines are for its developers: only its warnings and errors are kept. */
function quietly(log: Log): LoggerService {
  return {
    log: () => undefined,
    warn: (message: unknown) => log.warn({}, String(message)),
    error: (message: unknown) => log.error({}, String(message)),
  };
}
