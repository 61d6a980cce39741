//! Routes that code in a module without CORS registers without a route attribute: they would stay open.
//!
//! Function bodies are not parsed; what registers a route is known by its name and its parentheses.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Ident, Meta, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser, discouraged::Speculative},
    token::{Bracket, Paren},
};

use crate::{
    args, item,
    module::{self, Written, starts_module},
};

const OPEN: &str = "the policy of this module covers only handlers with a route attribute, and the base policy \
                    applies to what is registered here; give the handler a route attribute, register it \
                    outside of the module, or turn CORS off for the whole scope with \
                    `Cors::builder().scope(\"/prefix\", …)`";

/// Adds an error for each registration of a plain route in the module, in closures and modules within too.
pub(crate) fn refuse(items: &TokenStream, errors: &mut Vec<syn::Error>) {
    match find(items) {
        Ok(found) => errors.extend(found.iter().map(|name| syn::Error::new_spanned(name, OPEN))),
        Err(error) => errors.push(error),
    }
}

/// What is called by each registration: a method, or a path.
fn find(items: &TokenStream) -> syn::Result<Vec<TokenStream>> {
    let mut registrations = Registrations { after_one: false, found: Vec::new() };
    registrations.within(items.clone())?;
    Ok(registrations.found)
}

struct Registrations {
    /// Whether what came before is a resource or the like, whose own methods are part of the same mistake.
    after_one: bool,
    found: Vec<TokenStream>,
}

impl Registrations {
    fn within(&mut self, tokens: TokenStream) -> syn::Result<()> {
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                self.next(input)?;
            }
            Ok(())
        };
        read.parse2(tokens)?;
        self.after_one = false;
        Ok(())
    }

    fn next(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let after_one = std::mem::take(&mut self.after_one);
        if input.parse::<Option<Token![.]>>()?.is_some() {
            return self.method(input, after_one);
        }
        if let Some((attributes, module)) = module(input) {
            return self.module(&attributes, &module);
        }
        if is_passed_over(input)? {
            return Ok(());
        }
        if input.fork().call(Path::parse_mod_style).is_ok() {
            return self.function(input);
        }
        if let TokenTree::Group(group) = input.parse()? {
            self.within(group.stream())?;
        }
        Ok(())
    }

    /// What follows a dot: a call of a method, or a field.
    fn method(&mut self, input: ParseStream<'_>, after_one: bool) -> syn::Result<()> {
        if !input.peek(Ident::peek_any) {
            return Ok(());
        }
        let name = input.call(Ident::parse_any)?;
        if after_one && input.peek(Paren) {
            self.after_one = true;
            return input.parse::<Group>().map(drop);
        }
        let registers = name == "route" || name == "default_service";
        self.call(input, &name, registers).map(drop)
    }

    /// A path, which is called or not.
    fn function(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let path = input.call(Path::parse_mod_style)?;
        self.after_one = self.call(input, &path, registers_route(&path))?;
        Ok(())
    }

    /// Whether what has this name is a registration; if so, what is in its parentheses is part of it.
    fn call(
        &mut self,
        input: ParseStream<'_>,
        name: &dyn ToTokens,
        registers: bool,
    ) -> syn::Result<bool> {
        if !input.peek(Paren) {
            return Ok(false);
        }
        let arguments = input.parse::<Group>()?.stream();
        if registers && !arguments.is_empty() {
            self.found.push(name.to_token_stream());
            return Ok(true);
        }
        self.within(arguments)?;
        Ok(false)
    }

    fn module(&mut self, attributes: &[Attribute], module: &Written) -> syn::Result<()> {
        if attributes.iter().any(|attribute| module::is_for_tests(attribute) || refuses(attribute))
        {
            return Ok(());
        }
        if let TokenTree::Group(body) = &module.body {
            self.within(body.stream())?;
        }
        Ok(())
    }
}

/// Reads a module with its attributes, if one is next.
fn module(input: ParseStream<'_>) -> Option<(Vec<Attribute>, Written)> {
    let ahead = input.fork();
    let attributes = ahead.call(Attribute::parse_outer).ok()?;
    let module = starts_module(&ahead).then(|| ahead.parse().ok())??;
    input.advance_to(&ahead);
    Some((attributes, module))
}

/// Whether it has read an attribute, or the name of a function that is defined: neither is a call.
fn is_passed_over(input: ParseStream<'_>) -> syn::Result<bool> {
    if input.peek(Token![#]) && input.peek2(Bracket) {
        input.parse::<Token![#]>()?;
        input.parse::<Group>()?;
        return Ok(true);
    }
    if input.peek(Token![fn]) && input.peek2(Ident) {
        input.parse::<Token![fn]>()?;
        input.parse::<Ident>()?;
        return Ok(true);
    }
    Ok(false)
}

/// Whether a module with this attribute is searched by itself.
fn refuses(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) if item::is_named(&list.path, "cors") => {
            args::parse(list.tokens.clone(), &mut Vec::new()).is_switch()
        }
        _ => false,
    }
}

/// By the last name of the path and what it belongs to, whatever is before.
fn registers_route(path: &Path) -> bool {
    let mut names = path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let (name, owner) = (names.next().unwrap_or_default(), names.next());
    match (name.as_str(), owner.as_deref()) {
        ("fn_service" | "default_service", _) => true,
        ("resource", owner) => matches!(owner, None | Some("web")),
        ("service" | "redirect", owner) => owner == Some("web"),
        ("new", Some(owner)) => ["Files", "Redirect", "Resource", "WebService"].contains(&owner),
        ("route", Some(owner)) => ["App", "Resource", "Scope", "ServiceConfig"].contains(&owner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    fn find(code: &str) -> Vec<String> {
        let found = super::find(&code.parse().unwrap()).unwrap();
        found.iter().map(|name| name.to_string().replace(' ', "")).collect()
    }

    #[test]
    fn what_registers_a_plain_route_is_refused_once() {
        for (code, expected) in [
            ("c.route(\"/x\", web::get().to(h))", &["route"][..]),
            ("c.route(\"/x\", a).service(s).route(\"/y\", b)", &["route", "route"]),
            (
                "c.service(web::resource(\"/x\").name(\"x\").route(web::get().to(h)))",
                &["web::resource"],
            ),
            ("c.service(resource(\"/x\").to(h)).route(\"/y\", r)", &["resource", "route"]),
            ("let r = Resource::new([\"/x\", \"/y\"]); r.guard(g)", &["Resource::new"]),
            ("actix_web::Resource::new(PATH)", &["actix_web::Resource::new"]),
            ("c.default_service(fn_service(|r| async { Ok(r) }))", &["default_service"]),
            ("c.service(actix_service::fn_service(f))", &["actix_service::fn_service"]),
            ("c.service(Files::new(\"/\", \".\").default_service(d))", &["Files::new"]),
            ("web::service(\"/x\").finish(f)", &["web::service"]),
            ("c.service((one, web::redirect(\"/a\", \"/b\")))", &["web::redirect"]),
            ("c.service(Redirect::new(\"/a\", \"/b\"))", &["Redirect::new"]),
            (
                "Scope::route(scope, \"/x\", r); App::default_service(a, d)",
                &["Scope::route", "App::default_service"],
            ),
            ("|c: &mut ServiceConfig| { c.route(\"/x\", r); }", &["route"]),
            ("impl A { fn f() { match a { _ => [s.route(\"/x\", r)] } } }", &["route"]),
            ("mod a { pub(super) mod b { const F: F = |s| s.route(\"/x\", r); } }", &["route"]),
            ("#[cors(max_age = 5)] pub mod a { fn f() { s.route(\"/x\", r) } }", &["route"]),
            (
                "macro_rules! m { ($n:ident) => { mod $n { fn f() { s.route(1, 2) } } } }",
                &["route"],
            ),
            ("vec![s.route(\"/x\", r)]; #[cfg(a)] s.route(\"/y\", r)", &["route", "route"]),
        ] {
            assert_eq!(find(code), expected, "{code}");
        }
    }

    #[test]
    fn what_registers_no_plain_route_is_not() {
        for code in [
            "c.service(stats).service((users, web::scope(\"/x\").service(own)))",
            "web::scope(\"/x\").configure(super::plain).external_resource(\"a\", \"b\")",
            "#[route(\"/x\", method = \"GET\")] async fn route() -> A { route(1).await }",
            "fn resource(id: u32) {} fn default_service(a: A) {} fn fn_service<F>(f: F) {}",
            "store.resource(1); store::resource(1); message.route(); self.route = a; r.resource",
            "use web::{self, resource, Resource}; resource!(1); type F = fn(Resource);",
            "Vec::<u8>::new(); Item::new(1); new(1); web::get().to(h); self::web::to(h)",
            "#[cfg(test)] mod tests { fn app() { App::new().route(\"/x\", r); } }",
            "#[cors_actix::cors(disable)] mod own { fn f() { c.route(\"/x\", r); } }",
            "// c.route(1, 2)\n const TEXT: &str = \".route(1)\"; #[doc = \"x\"] #[a(s.route(1))] fn f();",
        ] {
            assert_eq!(find(code), [""; 0], "{code}");
        }
    }
}
