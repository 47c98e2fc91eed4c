import type { Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { ModulesContainer } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Checked } from './class-schema';

/** A route's method, and the classes that check what it is given; null where it takes none. */
export interface RouteHandler {
  handler: object;
  body: Checked | null;
  query: Checked | null;
}

/** The handlers of the application by the names that the document gives their operations. */
export function handlersOf(app: NestExpressApplication): Map<string, RouteHandler> {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return new Map(
    controllers.flatMap(({ metatype }) => {
      const controller = metatype as Type;
      return Object.getOwnPropertyNames(controller.prototype).map((method): [string, RouteHandler] => [
        `${controller.name}_${method}`,
        {
          handler: controller.prototype[method] as object,
          body: given(controller, method, RouteParamtypes.BODY),
          query: given(controller, method, RouteParamtypes.QUERY),
        },
      ]);
    }),
  );
}

function given(controller: Type, method: string, kind: RouteParamtypes): Checked | null {
  const taken = Object.entries<{ index: number }>(
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) as Record<string, never> | undefined) ?? {},
  ).find(([key]) => key.startsWith(`${kind}:`));
  if (!taken) return null;
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype, method) as Checked[];
  return types[taken[1].index];
}
