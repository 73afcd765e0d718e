import { Command } from 'commander';
import { codeVersion } from '../environment.ts';
import { addAuditCommand } from './auditCommand.ts';
import { addCodesCommand } from './codesCommand.ts';
import { addDataCommand } from './dataCommand.ts';
import { addDemoCommand } from './demoCommand.ts';
import { addDoctorCommand } from './doctorCommand.ts';
import { addEnginesCommand } from './enginesCommand.ts';
import { addExperimentCommand } from './experimentCommand.ts';
import { addExportCommand } from './exportCommand.ts';
import { addFiguresCommand } from './figuresCommand.ts';
import { addGenerateCommand } from './generateCommand.ts';
import { addImportCommand } from './importCommand.ts';
import { addJobCommand } from './jobCommand.ts';
import { addLabelCommand } from './labelCommand.ts';
import { addModelsCommand } from './modelsCommand.ts';
import { addScoreCommand } from './scoreCommand.ts';
import { addServeCommand } from './serveCommand.ts';
import { addSweepCommand } from './sweepCommand.ts';
import { addTrainCommand } from './trainCommand.ts';

/** Every command of the shell, over the same services as the window. */
export function createProgram(): Command {
  const program = new Command('facet')
    .description('Facet: align language models with human preferences on your own machine.')
    .version(codeVersion())
    .showHelpAfterError('Run with --help to see the commands and options.')
    .addHelpText(
      'after',
      '\nResults go to standard output, progress to standard error. A failure ends with exit code 1 and' +
        '\nsays what is wrong, where, and what to do; with --json it is {"failure": {…}} on standard output.',
    );
  addImportCommand(program);
  addLabelCommand(program);
  addTrainCommand(program);
  addSweepCommand(program);
  addJobCommand(program);
  addScoreCommand(program);
  addAuditCommand(program);
  addCodesCommand(program);
  addGenerateCommand(program);
  addExportCommand(program);
  addDataCommand(program);
  addFiguresCommand(program);
  addModelsCommand(program);
  addEnginesCommand(program);
  addServeCommand(program);
  addDoctorCommand(program);
  addDemoCommand(program);
  addExperimentCommand(program);
  return program;
}
