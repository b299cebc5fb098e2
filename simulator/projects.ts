/** A project of an organization. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly organization: string;
}

/** The projects of all organizations. Names are compared without regard to case. */
export class Projects {
  readonly #projects = new Map<string, Project>();

  put(project: Project): void {
    this.#projects.set(project.id, project);
  }

  byId(id: string): Project | undefined {
    return this.#projects.get(id);
  }

  /** By its name or its id, as a request's path has either. */
  find(organization: string, nameOrId: string): Project | undefined {
    const wanted = nameOrId.toLowerCase();
    for (const project of this.#projects.values()) {
      if (project.organization.toLowerCase() !== organization.toLowerCase()) continue;
      if (project.id === wanted || project.name.toLowerCase() === wanted) return project;
    }
    return undefined;
  }

  fork(): Projects {
    const copy = new Projects();
    for (const project of this.#projects.values()) copy.put(project);
    return copy;
  }
}
