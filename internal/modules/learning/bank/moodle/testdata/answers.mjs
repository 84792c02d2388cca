// Reads Moodle XML from its input, as little of it as the test next door writes, and prints
// the questions with their answers. It shares nothing with the reader that is tested.

import { XMLParser } from 'fast-xml-parser';

let source = '';
for await (const part of process.stdin) source += part;
const lists = new Set(['question', 'answer', 'subquestion']);
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, trimValues: false, processEntities: true, htmlEntities: true, isArray: (name) => lists.has(name) });
const { quiz } = parser.parse(source);

const decode = (/** @type {string} */ text) =>
  text.replace(/&(#[0-9]+|lt|gt|quot|nbsp|amp);/g, (_, name) => (name[0] === '#' ? String.fromCodePoint(Number(name.slice(1))) : { lt: '<', gt: '>', quot: '"', nbsp: ' ', amp: '&' }[name] ?? ''));
const say = (/** @type {any} */ node) => String(node?.text ?? '');
const shown = (/** @type {string} */ html) => decode(html.replaceAll('<br>', '\n'));

/** @param {any} question */
function cloze(question) {
  /** @type {object[]} */
  const answers = [];
  let gaps = 0;
  const text = say(question.questiontext).replace(/\{[0-9]+:([A-Z_]+):([^}]*)\}/g, (_, type, all) => {
    for (const one of all.split('~')) {
      const [, full, weight, rest] = /^(?:(=)|%(-?[0-9.]+)%)?(.*)$/s.exec(one) ?? [];
      const [answer, why = ''] = rest.split(/(?<!&)#/);
      const [value, more = '0'] = type === 'NUMERICAL' ? answer.split(':') : [answer, ''];
      answers.push({ Text: type.startsWith('MULTICHOICE') ? shown(decode(value)) : decode(value), Weight: full ? '100' : (weight ?? '0'), More: more, Feedback: shown(decode(why)) });
    }
    return `[[${++gaps}]]`;
  });
  return { Text: shown(text), Answers: answers };
}

const questions = [];
for (const question of quiz.question) {
  const type = question['@type'];
  if (type === 'category') continue;
  const head = { Type: type, Name: say(question.name), Text: say(question.questiontext) };
  if (type === 'cloze') {
    questions.push({ ...head, ...cloze(question) });
  } else if (type === 'matching') {
    questions.push({ ...head, Answers: question.subquestion.map((/** @type {any} */ pair) => ({ Text: say(pair), More: say(pair.answer[0]) })) });
  } else {
    const answers = question.answer?.map((/** @type {any} */ a) => ({ Text: say(a), Weight: a['@fraction'], More: a.tolerance ?? '', Feedback: say(a.feedback) }));
    questions.push({ ...head, Answers: answers ?? null });
  }
}
console.log(JSON.stringify(questions));
