// Reads the OpenAPI document of this service and writes it out. All text is set as text: nothing of it becomes markup.

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** An element with attributes and children; a string child is text. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return made;
}

function resolve(document, schema) {
  if (!schema?.$ref) return schema ?? {};
  return schema.$ref.slice(2).split('/').reduce((at, part) => at?.[part], document) ?? {};
}

/** What a value looks like, as JSON with the types in place of values. Depth is bounded: schemas may be circular. */
function sample(document, reference, depth = 0) {
  const schema = resolve(document, reference);
  if (depth > 6) return '…';
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum.join(' | ');
  const branch = schema.allOf ?? schema.oneOf ?? schema.anyOf;
  if (branch?.length) return sample(document, branch[0], depth + 1);
  const types = [schema.type ?? (schema.properties ? 'object' : 'any')].flat();
  if (types.includes('array')) return [sample(document, schema.items, depth + 1)];
  if (types.includes('object')) {
    const fields = Object.entries(schema.properties ?? {});
    if (typeof schema.additionalProperties === 'object') fields.push(['…', schema.additionalProperties]);
    return Object.fromEntries(fields.map(([key, value]) => [key, sample(document, value, depth + 1)]));
  }
  return [types.join(' | '), schema.format].filter(Boolean).join(', ');
}

function body(document, title, content) {
  return Object.entries(content ?? {}).map(([type, { schema }]) => [
    element('h4', {}, `${title} (${type})`),
    element('pre', { tabindex: '0' }, JSON.stringify(sample(document, schema), null, 2)),
  ]);
}

function parameters(document, list) {
  if (!list?.length) return undefined;
  const rows = list.map((given) => {
    const parameter = resolve(document, given);
    const type = sample(document, parameter.schema);
    return element(
      'tr',
      {},
      element('td', {}, element('code', {}, parameter.name)),
      element('td', { class: 'faint' }, `${parameter.in}${parameter.required ? ', required' : ''}`),
      element('td', {}, `${typeof type === 'string' ? type : JSON.stringify(type)} ${parameter.description ?? ''}`),
    );
  });
  return [element('h4', {}, 'Parameters'), element('table', {}, element('tbody', {}, rows))];
}

function responses(document, given) {
  return Object.entries(given ?? {}).map(([status, answer]) => {
    const response = resolve(document, answer);
    return [
      element('h4', {}, `Answer ${status}: ${response.description ?? ''}`),
      body(document, 'Body', response.content).flat(),
    ];
  });
}

function operation(document, path, verb, described) {
  const id = `${verb}-${path}`.replace(/[^a-z0-9]+/gi, '-').toLowerCase();
  const heading = element('h3', {}, element('span', { class: 'verb' }, verb.toUpperCase()), ' ', path);
  const article = element(
    'article',
    { id },
    heading,
    described.summary && element('p', {}, described.summary),
    described.description && element('p', { class: 'faint' }, described.description),
    parameters(document, described.parameters),
    body(document, 'Request', resolve(document, described.requestBody).content).flat(),
    responses(document, described.responses).flat(2),
  );
  const link = element('a', { href: `#${id}` }, element('span', { class: 'verb' }, verb.toUpperCase()), ' ', path);
  return { article, entry: element('li', {}, link), text: `${verb} ${path} ${described.summary ?? ''}`.toLowerCase() };
}

function operations(document) {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    verbs.filter((verb) => item[verb]).map((verb) => operation(document, path, verb, item[verb])),
  );
}

function show(api) {
  const all = operations(api);
  const main = document.getElementById('reference');
  document.title = api.info.title;
  main.replaceChildren(
    element('h1', {}, api.info.title),
    element('p', { class: 'faint' },
      `Version ${api.info.version}. `, element('a', { href: '/openapi/v1.json' }, 'JSON')),
    ...all.map((one) => one.article),
    ...(all.length ? [] : [element('p', {}, 'This service has no HTTP endpoints of its own.')]),
  );
  main.setAttribute('aria-busy', 'false');
  document.getElementById('contents').replaceChildren(...all.map((one) => one.entry));
  document.getElementById('filter').addEventListener('input', ({ target }) => {
    for (const one of all) one.article.hidden = one.entry.hidden = !one.text.includes(target.value.toLowerCase());
  });
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

try {
  const answer = await fetch('/openapi/v1.json');
  if (!answer.ok) throw new Error(`/openapi/v1.json answers ${answer.status}`);
  show(await answer.json());
} catch (fault) {
  document.getElementById('reference').replaceChildren(
    element('p', {}, `The reference can't be shown: ${fault.message}`));
}
