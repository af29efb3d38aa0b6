// Fills forms in with the engine of ODK Web Forms. The first argument is the folder in which npm installed the engine and
// jsdom. Standard input: {forms: {id: xml}, cases: [{form, replies: {name: value}}]}. Standard output, for each case a line:
// {"values": {name: value}, "relevant": [name]}.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
const installed = createRequire(join(folder, 'package.json'));
// The engine expects a browser, and its parser what Node gives to older modules.
globalThis.require = installed;
globalThis.__dirname = folder;
const { window } = new (installed('jsdom').JSDOM)('<!doctype html>');
globalThis.window = window;
for (const name of ['document', 'DOMParser', 'XMLSerializer', 'Node', 'Element', 'Attr', 'Text', 'Document', 'XMLDocument', 'CDATASection', 'Comment', 'XPathResult', 'NodeFilter', 'ProcessingInstruction', 'DocumentFragment', 'CharacterData']) {
  globalThis[name] = window[name];
}
const engine = await import(pathToFileURL(join(folder, 'node_modules/@getodk/xforms-engine/dist/index.js')));

const { forms, cases } = JSON.parse(readFileSync(0, 'utf8'));
const loaded = {};
for (const [id, xml] of Object.entries(forms)) {
  const result = await engine.loadForm(xml, {});
  if (result.status !== 'success') throw new Error(id + ': ' + JSON.stringify(result.error ?? result.warnings));
  loaded[id] = result;
}

const leaves = (node, out = []) => {
  for (const child of node.currentState.children ?? []) {
    if (child.nodeType === 'group') leaves(child, out);
    else out.push(child);
  }
  return out;
};

for (const one of cases) {
  const { root } = loaded[one.form].createInstance();
  const nodes = leaves(root);
  const name = (node) => node.currentState.reference.split('/').pop();
  for (const node of nodes) { // in the order of the form, as somebody would who fills it in
    const reply = one.replies[name(node)];
    if (!reply || !node.currentState.relevant) continue;
    if (node.nodeType === 'select') node.selectValue(reply);
    else if (node.nodeType === 'input') node.setValue(reply);
  }
  const values = {}, relevant = [];
  for (const node of nodes) {
    const value = node.currentState.value;
    values[name(node)] = Array.isArray(value) ? value.join(' ') : value === null ? '' : String(value);
    if (node.currentState.relevant) relevant.push(name(node));
  }
  process.stdout.write(JSON.stringify({ values, relevant }) + '\n');
}
process.exit(0);
