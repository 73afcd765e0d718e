import type { Command } from 'commander';
import { addDataAgreement } from './dataAgreement.ts';
import { addDataDuplicates } from './dataDuplicates.ts';
import { addDataExport } from './dataExport.ts';
import { addDataStatistics } from './dataStatistics.ts';

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('pairs and labels as files, and what they are like');
  addDataExport(data);
  addDataStatistics(data);
  addDataAgreement(data);
  addDataDuplicates(data);
}
