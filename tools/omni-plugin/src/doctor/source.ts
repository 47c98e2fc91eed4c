import { dirname, posix } from 'node:path';
import ts from 'typescript';
import type { Workspace } from './workspace';

/** An import, or a re-export, of one module. */
export interface Import {
  from: string;
  /** The names that it takes, as the other module calls them; empty for the whole module. */
  names: string[];
}

/** What a module takes from others, and what it gives. */
export interface Source {
  imports: Import[];
  /** The names that it exports itself or passes on by name. */
  exports: string[];
  /** The modules of which it exports everything. */
  stars: string[];
}

/** The tree of a TypeScript or JavaScript file. */
export function parse(text: string): ts.SourceFile {
  return ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022);
}

const read = new Map<string, Source>();
const mostKept = 2_000;

/** What the text of a module says; kept, because several rules ask for the same files. */
export function readSource(text: string): Source {
  const known = read.get(text);
  if (known) return known;
  if (read.size >= mostKept) read.clear();
  const source = sourceOf(text);
  read.set(text, source);
  return source;
}

/** The workspace's file that a relative import means; null where there is none, and its first candidate is `wanted`. */
export function resolveImport(workspace: Workspace, file: string, from: string): string | null {
  return candidates(file, from).find((candidate) => workspace.has(candidate)) ?? null;
}

/** The file that a relative import asks for, where none is there. */
export function wantedFile(file: string, from: string): string {
  return candidates(file, from)[0];
}

/** Every name that a file exports, by itself and by the files that it passes on whole. */
export function exportedNames(workspace: Workspace, file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const { exports, stars } = readSource(workspace.read(file));
  const passedOn = stars.flatMap((from) => {
    const target = resolveImport(workspace, file, from);
    return target ? [...exportedNames(workspace, target, seen)] : [];
  });
  return new Set([...exports, ...passedOn]);
}

/** The top-level `const` of this name, as the expression that it is set to. */
export function constant(text: string, name: string): ts.Expression | null {
  for (const statement of parse(text).statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: declared, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(declared) && declared.text === name && initializer) return bare(initializer);
    }
  }
  return null;
}

/** The fields of an object literal, by name. */
export function fieldsOf(object: ts.Expression): Map<string, ts.ObjectLiteralElementLike> {
  const fields = new Map<string, ts.ObjectLiteralElementLike>();
  if (!ts.isObjectLiteralExpression(object)) return fields;
  for (const property of object.properties) {
    if (property.name && !ts.isComputedPropertyName(property.name)) fields.set(property.name.text, property);
  }
  return fields;
}

/** The text of a string literal field; null for anything else. */
export function literalOf(field: ts.ObjectLiteralElementLike | undefined): string | null {
  if (!field || !ts.isPropertyAssignment(field)) return null;
  return ts.isStringLiteralLike(field.initializer) ? field.initializer.text : null;
}

/** The texts of all string literals of a list, `as const` or not. */
export function textsOf(list: ts.Expression | null): string[] {
  if (!list || !ts.isArrayLiteralExpression(list)) return [];
  return list.elements.filter(ts.isStringLiteralLike).map(({ text }) => text);
}

/** The object literals that a file hands to a function of this name. */
export function argumentsOf(text: string, call: string): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === call)
      found.push(...node.arguments.slice(0, 1));
    ts.forEachChild(node, visit);
  };
  visit(parse(text));
  return found;
}

/** Every string that stands in an expression. */
export function stringsIn(node: ts.Node): string[] {
  const found: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isStringLiteralLike(inner)) found.push(inner.text);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

function sourceOf(text: string): Source {
  const source: Source = { imports: [], exports: [], stars: [] };
  for (const statement of parse(text).statements) {
    if (ts.isImportDeclaration(statement)) source.imports.push(readImport(statement));
    else if (ts.isExportDeclaration(statement)) addReExport(source, statement);
    else if (isExported(statement)) source.exports.push(...declaredNames(statement));
  }
  return source;
}

function bare(expression: ts.Expression): ts.Expression {
  const wrapped =
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isParenthesizedExpression(expression);
  return wrapped ? bare(expression.expression) : expression;
}

function readImport({ moduleSpecifier, importClause }: ts.ImportDeclaration): Import {
  const from = (moduleSpecifier as ts.StringLiteral).text;
  const bindings = importClause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  return { from, names: named.map(({ name, propertyName }) => (propertyName ?? name).text) };
}

function addReExport(source: Source, { moduleSpecifier, exportClause }: ts.ExportDeclaration): void {
  const from = moduleSpecifier ? (moduleSpecifier as ts.StringLiteral).text : null;
  const named = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : [];
  source.exports.push(...named.map(({ name }) => name.text));
  if (from === null) return;
  source.imports.push({ from, names: named.map(({ name, propertyName }) => (propertyName ?? name).text) });
  if (!exportClause) source.stars.push(from);
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  }
  const { name } = statement as ts.DeclarationStatement;
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

function candidates(file: string, from: string): string[] {
  const path = posix.join(dirname(file), from);
  if (/\.(json|mjs|cjs|js)$/.test(path)) return [path];
  return [`${path}.ts`, `${path}/index.ts`, path];
}
