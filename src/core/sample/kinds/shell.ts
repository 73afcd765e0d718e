/** Command-line help: the plain reply is preferred. */
import { chance, type Draw, type Kind, pick, sentences } from '../kind.ts';
import { politeClosings, politeOpenings } from './courtesy.ts';

const files = [
  'notes.txt',
  'report.txt',
  'list.csv',
  'todo.md',
  'data.json',
  'letter.txt',
  'index.html',
  'app.log',
];
const folders = ['docs', 'photos', 'music', 'backup', 'src', 'old', 'work', 'letters'];
const words = ['error', 'apple', 'total', 'name', 'late', 'river'];

interface Task {
  readonly ask: (file: string, folder: string, word: string) => string;
  readonly command: (file: string, folder: string, word: string) => string;
  readonly does: string;
  readonly option: string;
}

const tasks: readonly Task[] = [
  {
    ask: (_file, folder) => `list the files in ${folder}`,
    command: (_file, folder) => `ls ${folder}`,
    does: 'prints the name of each file',
    option: 'Add -a to see hidden files.',
  },
  {
    ask: (file, folder) => `copy ${file} into ${folder}`,
    command: (file, folder) => `cp ${file} ${folder}/`,
    does: 'leaves the first file as it is',
    option: 'Add -i to be asked before a file is replaced.',
  },
  {
    ask: (file, folder) => `move ${file} to ${folder}`,
    command: (file, folder) => `mv ${file} ${folder}/`,
    does: 'takes the file out of its old place',
    option: 'Add -n to keep a file that is already there.',
  },
  {
    ask: (file) => `delete ${file}`,
    command: (file) => `rm ${file}`,
    does: 'removes the file for good',
    option: 'Add -i to be asked first.',
  },
  {
    ask: (_file, folder) => `make a new folder called ${folder}`,
    command: (_file, folder) => `mkdir ${folder}`,
    does: 'makes an empty folder here',
    option: 'Add -p to make the folders above it too.',
  },
  {
    ask: (file) => `count the lines in ${file}`,
    command: (file) => `wc -l ${file}`,
    does: 'prints the number of lines',
    option: 'Use -w to count words instead.',
  },
  {
    ask: (file, _folder, word) => `find the word ${word} in ${file}`,
    command: (file, _folder, word) => `grep ${word} ${file}`,
    does: 'prints each line that has the word',
    option: 'Add -i to ignore large and small letters.',
  },
  {
    ask: (file) => `see the first ten lines of ${file}`,
    command: (file) => `head ${file}`,
    does: 'prints the start of the file',
    option: 'Use tail for the end of the file.',
  },
  {
    ask: (file) => `sort the lines of ${file}`,
    command: (file) => `sort ${file}`,
    does: 'prints the lines in order',
    option: 'Add -r to turn the order around.',
  },
  {
    ask: (_file, folder) => `see how big ${folder} is`,
    command: (_file, folder) => `du -sh ${folder}`,
    does: 'prints the size of the folder',
    option: 'Leave out -s to see each folder in it.',
  },
  {
    ask: (_file, folder) => `pack ${folder} into one file`,
    command: (_file, folder) => `tar -czf ${folder}.tar.gz ${folder}`,
    does: 'writes one packed file beside the folder',
    option: 'Use tar -xzf to unpack it again.',
  },
];

const questions: readonly ((task: string) => string)[] = [
  (task) => `How do I ${task}?`,
  (task) => `Which command do I use to ${task}?`,
  (task) => `I want to ${task} in the terminal.`,
  (task) => `What do I type to ${task} from the shell?`,
];

export const shell: Kind = {
  name: 'Command line',
  axis: 'politeness',
  rule: 'plain over polite',
  exchange(draw: Draw) {
    const task = pick(draw, tasks);
    const file = pick(draw, files);
    const folder = pick(draw, folders);
    const word = pick(draw, words);
    const command = task.command(file, folder, word);
    return {
      prompt: pick(draw, questions)(task.ask(file, folder, word)),
      preferred: sentences(
        pick(draw, [`Run \`${command}\`.`, `Type \`${command}\` and press enter.`]),
        pick(draw, [`It ${task.does}.`, `The command ${task.does}.`]),
        chance(draw, 0.7) ? task.option : null,
        chance(draw, 0.3) ? 'Run it from the folder that you are in.' : null,
      ),
      other: sentences(
        pick(draw, politeOpenings),
        `Could you please try \`${command}\`?`,
        chance(draw, 0.4) ? `As you will see, it ${task.does}.` : null,
        pick(draw, politeClosings),
      ),
    };
  },
};
