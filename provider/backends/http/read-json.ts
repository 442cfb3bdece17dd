import { PortforwardError } from '../../rule/error';
import { quote } from '../../rule/quote';
import type { HttpAnswer } from './client';

/**
 * The body of an answer, read as JSON. Throws PortforwardError `refused` for what is none: the page of a captive portal or a
 * proxy, an empty or a truncated body. It quotes a page by its title.
 */
export function readJson(answer: HttpAnswer, label: string): unknown {
  if (answer.json !== undefined) return answer.json;
  throw new PortforwardError(
    'refused',
    `${label.charAt(0).toUpperCase()}${label.slice(1)} answered with ${kindOf(answer)} instead of JSON (HTTP ${answer.status}).`,
    { hint: 'Is the address right, and does no proxy or login page stand in between?' },
  );
}

function kindOf({ text }: HttpAnswer): string {
  const start = text.slice(0, 4096).trimStart();
  if (start === '') return 'nothing';
  const title = /<title[^>]*>([^<]{1,200})/i.exec(start)?.[1];
  if (title !== undefined) return `the page ${quote(plain(title))}`;
  if (/^<(!doctype|html|\?xml|[a-z])/i.test(start)) return 'a page without a title';
  if (/^[{[]/.test(start)) return `broken JSON (${text.length} characters)`;
  return `the text ${quote(plain(start))}`;
}

function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 80);
}
