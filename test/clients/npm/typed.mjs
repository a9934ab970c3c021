// What a client says that it returns, held against what came: the client's own TypeScript declarations, walked along
// with every call. An answer that lacks a property, or has one of another type, is a fault.
import ts from 'typescript'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('./roots.ts', import.meta.url))
const program = ts.createProgram([file], {
  strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [],
})
const checker = program.getTypeChecker()
const source = program.getSourceFile(file)
const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source))

// excused are properties that a library declares otherwise than Mastodon's own schema has them, by the end of their path.
const excused = new Map([
  ['.clientSecretExpiresAt', 'masto: a string; it is 0, for never (RFC 7591, section 3.2.1)'],
  ['.role.id', 'masto: a number; ids are strings'],
  ['.source.role', 'masto: there too; it is beside source'],
  ['.featureApproval.current_user', 'masto: not in camel case, as its own reader makes it'],
  ['.options[].emojis', 'masto: always; options have had none of their own since 4.0'],
  ['.lastStatusAt', 'masto: a string; it is null for who has not posted'],
  ['.alerts.admin', 'masto: an object; the keys are admin.sign_up and admin.report'],
  ['.params.applicationId', 'masto: a string; it is a number'],
  ['.markers.create().notifications', 'masto: always; only what was read has a marker'],
  ['.markers.fetch().notifications', 'masto: always; only what was read has a marker'],
  ['.role.permissions', 'masto: a number; it is a string of digits'],
  ['.role.position', 'masto: always; only administration has it'],
  ['.role.createdAt', 'masto: the same'],
  ['.role.updatedAt', 'masto: the same'],
  ['.posting:default:language', 'masto: a string; it is null where the person has chosen none'],
  ['.thumbnail.blurhash', 'masto: a string; it is null for the picture that comes with the program'],
  ['.application', 'masto: always; what came from elsewhere and boosts have none'],
  ['.filter.keywords', 'masto: always; a result names the filter without them'],
  ['.filter.statuses', 'masto: the same'],
  ['.roles', 'masto: always; people of other homes have none'],
  ['.tags[].id', 'masto: always; tags of a post are a name and an address'],
  ['.params.id', 'masto: always; a post that is not written yet has none'],
  ['.featuredTags.create().statusesCount', 'masto: a number; it is a string'],
  ['.notificationGroups[].sampleAccountIds', 'masto: a string; it is an array of them'],
  ['.notificationGroups[].statusId', 'masto: a string and absent at once'],
  ['.params.sensitive', 'masto: a boolean; it is null where nothing was said'],
  ['.thumbnail.versions', 'masto: not as its own reader spells it'],
  ['.notificationGroups[].mostRecentNotificationId', 'masto: a string; it is a number'],
  ['.urls.status', 'masto: a string; it is null where there is no page of the kind'],
  ['.apiVersions.mastodon', 'masto: a string; it is a number'],
  ['.contact.account', 'masto: an account; it is null where the home names none'],
  ['.languages', 'masto: an array; it is null for all languages'],
  ['.suspended', 'megalodon: always; only who is suspended has it'],
  ['.limited', 'megalodon: always; only who is limited has it'],
  ['.moved', 'megalodon: always; only who has moved has it'],
  ['.text_url', 'megalodon: always; it went away with Mastodon 3.5'],
  ['.contact_account', 'megalodon: an account; it is null where the home names none'],
  ['.pinned', 'megalodon: always; only what one may pin has it'],
  ['.quoted_status_id', 'megalodon: always; it stands for the post only where that would be too deep'],
  ['.mute_expires_at', 'megalodon: a string or absent; it is null for mutes without end'],
  ['.noindex', 'megalodon: always; people of other homes have none'],
  ['.history[].day', 'megalodon: a number; it is a string of digits'],
  ['.history[].uses', 'megalodon: the same'],
  ['.history[].accounts', 'megalodon: the same'],
  ['FeaturedTag().data.statuses_count', 'megalodon: the same'],
  ['FeaturedTags().data[].statuses_count', 'megalodon: the same'],
  ['.deleteFilter().data', 'megalodon: the filter; it is an empty object'],
])
const isExcused = (path) => [...excused.keys()].some((end) => path.replace(/\[\d+\]/g, '[]').endsWith(end))

// faults are all that departed from the types so far.
export const faults = new Set()

// typed wraps the client whose type roots.ts exports under the name.
export function typed(client, name) {
  const root = exported.find((symbol) => symbol.name === name)
  if (!root) throw new Error(`roots.ts exports no ${name}`)
  return wrap(client, checker.getDeclaredTypeOfSymbol(root), name)
}

const has = (type, flag) => (type.flags & flag) !== 0
const typeOf = (symbol) => checker.getTypeOfSymbolAtLocation(symbol, source)
const property = (type, key) => {
  const symbol = typeof key === 'string' && checker.getPropertyOfType(checker.getNonNullableType(type), key)
  return symbol ? typeOf(symbol) : undefined
}

function wrap(value, type, path, owner) {
  return new Proxy(value, {
    get(target, key) {
      const member = target[key]
      const declared = property(type, key)
      if (declared === undefined || (typeof member !== 'function' && typeof member !== 'object')) return member
      return wrap(member, declared, `${path}.${key}`, target)
    },
    apply(target, _, args) {
      const returned = checker.getSignaturesOfType(type, ts.SignatureKind.Call).map((signature) => signature.getReturnType())
      if (returned.length === 0) throw new Error(`${path} is no function in the client's types`)
      return answer(Reflect.apply(target, owner, args), returned, `${path}()`)
    },
  })
}

// answer follows what a call returned: a promise, a paginator, or another part of the client.
function answer(result, returned, path) {
  const symbol = returned[0].getSymbol()?.name
  if (symbol === 'Promise') {
    const results = returned.map((type) => checker.getTypeArguments(type)[0])
    return result.then((value) => checked(value, results, path))
  }
  if (symbol === 'Paginator') return paginator(result, returned.map((type) => checker.getTypeArguments(type)[0]), path)
  return wrap(result, returned[0], path)
}

function paginator(pages, types, path) {
  return {
    then: (done, failed) => pages.then((page) => checked(page, types, path)).then(done, failed),
    setDirection: (direction) => paginator(pages.setDirection(direction), types, path),
    async *[Symbol.asyncIterator]() {
      for await (const page of pages) yield checked(page, types, path)
    },
  }
}

function checked(value, types, path) {
  const wrong = types.map((type) => fault(value, type, path))
  if (wrong.every(Boolean)) faults.add(wrong.join('; or '))
  return value
}

// conforms is for what comes unasked: it notes a fault unless the value has the type that roots.ts exports under the name.
export function conforms(value, name) {
  const root = exported.find((symbol) => symbol.name === name)
  return checked(value, [checker.getDeclaredTypeOfSymbol(root)], name)
}

const shown = (value) => String(JSON.stringify(value)).slice(0, 120)

// fault says where the value departs from the type, or nothing.
function fault(value, type, path) {
  if (has(type, ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return undefined
  if (type.isUnion()) {
    const wrong = type.types.map((member) => fault(value, member, path))
    return wrong.every(Boolean) ? (wrong.length <= 3 ? wrong.join('; or ') : `${path}: ${shown(value)} is not ${checker.typeToString(type)}`) : undefined
  }
  if (type.isIntersection()) return type.types.map((member) => fault(value, member, path)).find(Boolean)
  return has(type, ts.TypeFlags.Object) ? objectFault(value, type, path) : primitiveFault(value, type, path)
}

function primitiveFault(value, type, path) {
  const is = {
    [ts.TypeFlags.String]: typeof value === 'string',
    [ts.TypeFlags.Number]: typeof value === 'number',
    [ts.TypeFlags.Boolean]: typeof value === 'boolean',
    [ts.TypeFlags.Null]: value === null,
    [ts.TypeFlags.Undefined]: value === undefined,
    [ts.TypeFlags.Void]: value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0),
    [ts.TypeFlags.BooleanLiteral]: String(value) === type.intrinsicName && typeof value === 'boolean',
    [ts.TypeFlags.TemplateLiteral]: typeof value === 'string',
  }
  const flag = Object.keys(is).find((one) => has(type, Number(one)))
  const good = type.isLiteral() ? value === type.value : flag ? is[flag] : true
  return good ? undefined : `${path}: ${shown(value)} is not ${checker.typeToString(type)}`
}

function objectFault(value, type, path) {
  if (checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0) return undefined // methods
  if (typeof value !== 'object' || value === null) return `${path}: ${shown(value)} is not ${checker.typeToString(type)}`
  if (checker.isArrayType(type)) {
    if (!Array.isArray(value)) return `${path}: ${shown(value)} is no array`
    const [element] = checker.getTypeArguments(type)
    return value.map((item, i) => fault(item, element, `${path}[${i}]`)).find(Boolean)
  }
  for (const symbol of checker.getPropertiesOfType(type)) {
    const item = value[symbol.name]
    if (isExcused(`${path}.${symbol.name}`)) continue
    if (item === undefined && symbol.flags & ts.SymbolFlags.Optional) continue
    const wrong = fault(item, typeOf(symbol), `${path}.${symbol.name}`)
    if (wrong) return wrong
  }
  const index = checker.getIndexInfosOfType(type)[0]
  if (!index) return undefined
  return Object.entries(value).map(([key, item]) => fault(item, index.type, `${path}.${key}`)).find(Boolean)
}
