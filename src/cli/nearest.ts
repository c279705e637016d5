export { didYouMean } from '../model/nearest.js';
