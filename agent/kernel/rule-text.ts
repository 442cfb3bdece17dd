import { ct, field, has, is, isNot, type Json, jump, meta, type Rule, type Statement } from './expression';

/**
 * Reads one rule as nft prints it, as far as iptables makes such rules: what nft's JSON shows only as `xt`, its text
 * translates. Words that it does not know become `{ unknown: … }`, which matches nobody knows what.
 */
export function readRuleText(text: string): Rule {
  const words = tokens(text);
  const statements: Statement[] = [];
  while (words.length > 0) statements.push(statement(words));
  return statements;
}

/** Words, quoted texts and `{ … }` sets as one each. */
function tokens(text: string): string[] {
  return text.match(/"[^"]*"|\{[^}]*\}|[^\s]+/g) ?? [];
}

function statement(words: string[]): Statement {
  const word = words.shift() as string;
  switch (word) {
    case 'counter':
      if (words[0] === 'packets') words.splice(0, 4);
      return { counter: null };
    case 'accept':
    case 'drop':
    case 'return':
      return { [word]: null };
    case 'reject':
      words.length = 0;
      return { reject: null };
    case 'jump':
    case 'goto':
      return word === 'jump' ? jump(words.shift() ?? '') : { goto: { target: words.shift() ?? '' } };
    case 'dnat':
    case 'redirect':
      return translation(word, words);
    case 'iifname':
    case 'oifname':
      return comparison(meta(word), words);
    case 'ip':
    case 'ip6':
    case 'tcp':
    case 'udp':
    case 'th':
      return comparison(field(word, words.shift() ?? ''), words);
    case 'fib':
      return words.splice(0, 3).join(' ') === 'daddr type local'
        ? is({ fib: { result: 'type', flags: ['daddr'] } }, 'local')
        : unknown(word);
    case 'ct': {
      const key = words.shift() ?? '';
      const value = words[0] === '!=' ? null : words.shift()?.split(',');
      return (key === 'state' || key === 'status') && value
        ? has(ct(key), value.length === 1 ? (value[0] as string) : value)
        : unknown(`ct ${key}`);
    }
    case 'meta':
      return metaStatement(words);
    default:
      return unknown(word);
  }
}

function metaStatement(words: string[]): Statement {
  const key = words.shift() ?? '';
  if (words[0] === '&') {
    const [, mask, operator, value] = words.splice(0, 4);
    const left = { '&': [meta(key), Number(mask)] } as Json;
    return operator === '=='
      ? is(left, Number(value))
      : operator === '!='
        ? isNot(left, Number(value))
        : unknown(key);
  }
  return comparison(meta(key), words);
}

function comparison(left: Json, words: string[]): Statement {
  const negated = words[0] === '!=';
  if (negated || words[0] === '==') words.shift();
  const right = words.shift();
  if (right === undefined) return unknown('');
  return negated ? isNot(left, value(right)) : is(left, value(right));
}

function translation(kind: 'dnat' | 'redirect', words: string[]): Statement {
  if (words[0] === 'ip' || words[0] === 'ip6') words.shift();
  if (words[0] !== 'to') return kind === 'redirect' ? { redirect: null } : unknown(kind);
  words.shift();
  const [, address = '', port] = /^([^:]*|\[.*\])(?::([0-9-]+))?$/.exec(words.shift() ?? '') ?? [];
  const ports: Record<string, Json> = port === undefined ? {} : { port: value(port) };
  if (kind === 'redirect') return { redirect: ports };
  return { dnat: { ...(address === '' ? {} : { addr: address }), ...ports } };
}

function value(text: string): Json {
  if (text.startsWith('{')) {
    return {
      set: text
        .slice(1, -1)
        .split(',')
        .map((part) => value(part.trim())),
    };
  }
  const plain = text.replace(/^"|"$/g, '');
  const range = /^(\d+)-(\d+)$/.exec(plain);
  if (range) return { range: [Number(range[1]), Number(range[2])] };
  const prefix = /^([0-9a-f.:]+)\/(\d+)$/i.exec(plain);
  if (prefix) return { prefix: { addr: prefix[1] as string, len: Number(prefix[2]) } };
  return /^(0x[0-9a-f]+|\d+)$/i.test(plain) ? Number(plain) : plain;
}

const unknown = (text: string): Statement => ({ unknown: text });
