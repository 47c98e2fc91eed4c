import type { Rule } from '../rule';
import { capabilityTables, configurationTables } from './docs-tables';
import { importsExist, linksResolve, rulesDescribed } from './docs-links';
import { exemptionsReasoned, fixturesFreeOfTokens, fixturesUsed } from './fixtures';
import { mapped, registered, simulated } from './registry';
import { shapeIndex, shapeObject } from './shape-exports';
import { shapeFiles } from './shape-files';
import { shapeInventory } from './shape-inventory';
import { shapeImports, shapeLayers } from './shape-sources';
import { featureDocuments } from './workspace-features';
import { exactVersions, oneNx, reasonedDependencies } from './workspace-packages';
import { indexedDecisions, namedProjects, taggedProjects } from './workspace-projects';

/** Every rule of the doctor, by family. */
export const rules: readonly Rule[] = [
  shapeFiles,
  shapeIndex,
  shapeObject,
  shapeImports,
  shapeLayers,
  shapeInventory,
  registered,
  mapped,
  simulated,
  fixturesUsed,
  fixturesFreeOfTokens,
  exemptionsReasoned,
  linksResolve,
  rulesDescribed(() => rules.map(({ id }) => id)),
  capabilityTables,
  configurationTables,
  importsExist,
  oneNx,
  exactVersions,
  reasonedDependencies,
  taggedProjects,
  namedProjects,
  indexedDecisions,
  featureDocuments,
];
