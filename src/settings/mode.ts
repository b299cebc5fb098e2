/** What a run is asked to do. */
export type Mode = 'simple' | 'advanced' | 'revoke' | 'report';
