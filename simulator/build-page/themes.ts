/** Variables of Azure DevOps' themes, as a host hands them to an extension: those that a page of ours may use. */
export const themes = {
  light: {
    'palette-primary': '0, 120, 212',
    'palette-neutral-0': '255, 255, 255',
    'palette-neutral-2': '248, 248, 248',
    'palette-neutral-4': '244, 244, 244',
    'palette-neutral-10': '218, 218, 218',
    'palette-neutral-20': '200, 200, 200',
    'palette-neutral-60': '102, 102, 102',
    'palette-neutral-100': '0, 0, 0',
    'background-color': 'rgba(255, 255, 255, 1)',
    'text-primary-color': 'rgba(0, 0, 0, .9)',
    'text-secondary-color': 'rgba(0, 0, 0, .55)',
  },
  dark: {
    'palette-primary': '0, 120, 212',
    'palette-neutral-0': '32, 31, 30',
    'palette-neutral-2': '37, 36, 35',
    'palette-neutral-4': '41, 40, 39',
    'palette-neutral-10': '59, 58, 57',
    'palette-neutral-20': '72, 70, 68',
    'palette-neutral-60': '161, 159, 157',
    'palette-neutral-100': '255, 255, 255',
    'background-color': 'rgba(32, 31, 30, 1)',
    'text-primary-color': 'rgba(255, 255, 255, 1)',
    'text-secondary-color': 'rgba(255, 255, 255, .7)',
  },
} as const;

export type Theme = keyof typeof themes;
