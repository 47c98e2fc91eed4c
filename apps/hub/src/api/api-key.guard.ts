import { Injectable, SetMetadata, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Problem } from '../flow/problem';
import type { ApiKeyRow } from '../storage/repositories/api-keys.repository';
import { ApiKeys } from './api-keys.service';

export const scopes = [
  'instances:read',
  'instances:write',
  'messages:send',
  'messages:read',
  'dead-letters:write',
  'replays:write',
  'access:read',
  'access:write',
  'contacts:write',
  'api-keys:write',
] as const;
export type Scope = (typeof scopes)[number];

const scopeKey = Symbol('scope');
const anyInstanceKey = Symbol('any instance');

/** A request that the guard let through. */
export type KeyedRequest = Request & { apiKey: ApiKeyRow };

/** The scope that a key needs for a route. A route under `/api` without one is refused: default deny. */
export const Needs = (scope: Scope) => SetMetadata(scopeKey, scope);

/** A route that touches no instance: keys that are bound to some may use it too. */
export const ForAnyInstance = () => SetMetadata(anyInstanceKey, true);

/** Lets nobody into the API without a key that carries the route's scope and, where the route names an instance, may touch it. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeys,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    if (!this.isApi(context.getClass())) return true;
    const given = keyOf(request);
    const key = given ? await this.keys.find(given) : null;
    if (!key) {
      throw new Problem(
        401,
        'UNAUTHENTICATED',
        'give an API key in the header x-api-key, or as Authorization: Bearer',
      );
    }
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(scopeKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!scope || !(key.scopes.includes('*') || key.scopes.includes(scope))) {
      throw new Problem(403, 'FORBIDDEN', `the key lacks the scope ${scope ?? 'of this route'}`);
    }
    const { name } = request.params;
    const isForAny = this.reflector.get<boolean | undefined>(anyInstanceKey, context.getHandler()) ?? false;
    if (!isForAny && key.instances && (typeof name !== 'string' || !key.instances.includes(name))) {
      throw new Problem(403, 'FORBIDDEN', `the key is bound to: ${key.instances.join(', ')}`);
    }
    (request as KeyedRequest).apiKey = key;
    return true;
  }

  /** By the controller's own path: a request can spell an address in more than one way. */
  private isApi(controller: Type): boolean {
    const path: string | string[] = this.reflector.get(PATH_METADATA, controller);
    return [path].flat().some((route) => route.startsWith('api/'));
  }
}

function keyOf(request: Request): string | null {
  const header = request.headers['x-api-key'];
  if (typeof header === 'string' && header) return header;
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '');
  return bearer?.[1] ?? null;
}
