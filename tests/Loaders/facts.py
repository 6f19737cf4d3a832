"""What the loaders rely on of the runtimes, held against stand-ins by import and against the runtimes' own source by reading it.

facts.json has for each runtime where its source stands, the commit at which the facts were read, and the names: for a class the parameters of its methods,
the members of an enumeration or the attributes of its objects, for a module the values in it.
"""

import ast
import importlib
import inspect
import json
from pathlib import Path

FACTS = json.loads(Path(__file__).with_name("facts.json").read_text(encoding="utf-8"))


def differences(runtime, read):
    """In sentences, what a runtime's files have otherwise. `read` gives the text of a file of the runtime's repository, or None where there is none."""
    found = []
    for fact in runtime["facts"]:
        text = read(fact["file"])
        if text is None:
            found.append("%s is gone" % fact["file"])
            continue
        tree = ast.parse(text)
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        missing = set(fact.get("values", ())) - _values(tree)
        found += ["%s has no %s" % (fact["file"], name) for name in sorted(missing)]
        if "class" in fact:
            found += _class_differences(fact, classes)
    return found


def stand_in_differences(runtime):
    """In sentences, what the modules that are imported under the runtime's names have otherwise."""
    found = []
    for fact in runtime["facts"]:
        module = importlib.import_module(fact["module"])
        found += ["%s has no %s" % (fact["module"], name) for name in fact.get("values", ()) if not hasattr(module, name)]
        if "class" not in fact:
            continue
        name = fact.get("reached", fact["class"])
        kind = getattr(module, name, None)
        if kind is None:
            found.append("%s has no %s" % (fact["module"], name))
            continue
        for method, parameters in fact.get("methods", {}).items():
            told = _told(kind, method)
            if told != parameters:
                found.append("%s.%s takes %s, the runtime's takes %s" % (name, method, told, parameters))
        extra = {member.name for member in kind}.symmetric_difference(fact["members"]) if "members" in fact else ()
        found += ["%s: %s is a member of one alone" % (name, member) for member in sorted(extra)]
    return found


def _told(kind, method):
    """The parameters of an imported class's method, its first one too."""
    of_class = isinstance(inspect.getattr_static(kind, method), classmethod)
    parameters = inspect.signature(getattr(kind, method)).parameters.values()
    return ["cls"] * of_class + [_PREFIX.get(parameter.kind, "") + parameter.name for parameter in parameters]


_PREFIX = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


def _values(tree):
    names = set()
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.add(node.name)
    return names


def _class_differences(fact, classes):
    name = fact["class"]
    if name not in classes:
        return ["%s has no class %s" % (fact["file"], name)]
    family = _family(name, classes)
    found = []
    for method, parameters in fact.get("methods", {}).items():
        told = _parameters(method, family)
        if told != parameters:
            found.append("%s.%s takes %s, and took %s" % (name, method, told, parameters))
    has = {target.id for node in family[0].body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)}
    found += ["%s has no member %s" % (name, member) for member in fact.get("members", ()) if member not in has]
    attributes = set()
    for one in family:
        attributes.update(node.name for node in one.body if isinstance(node, ast.FunctionDef))
        attributes.update(node.attr for node in ast.walk(one) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
    found += ["%s has no attribute %s" % (name, attribute) for attribute in fact.get("attributes", ()) if attribute not in attributes]
    return found


def _family(name, classes):
    """A class and those of its bases that stand in the same file, nearest first."""
    if name not in classes:
        return []
    return [classes[name], *(one for base in classes[name].bases for one in _family(getattr(base, "id", ""), classes))]


def _parameters(method, family):
    for one in family:
        for node in one.body:
            if isinstance(node, ast.FunctionDef) and node.name == method:
                given = node.args
                return [
                    *(argument.arg for argument in given.posonlyargs + given.args),
                    *(["*" + given.vararg.arg] if given.vararg else []),
                    *(argument.arg for argument in given.kwonlyargs),
                    *(["**" + given.kwarg.arg] if given.kwarg else []),
                ]
    if method != "__init__":
        return None
    # A data class's own: its fields, those of its bases first.
    fields = [node for one in reversed(family) for node in one.body if isinstance(node, ast.AnnAssign)]
    return ["self", *(node.target.id for node in fields if not _is_set_later(node))]


def _is_set_later(node):
    return isinstance(node.value, ast.Call) and any(
        keyword.arg == "init" and getattr(keyword.value, "value", None) is False for keyword in node.value.keywords
    )
