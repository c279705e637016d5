export interface Obstacle { readonly host: string }
