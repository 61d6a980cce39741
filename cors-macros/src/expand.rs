//! From the checked tree to tokens.

use cors_core::{Off, Operator};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::{
    args::{Args, SpannedSetting, SpannedValue},
    item::{Annotation, Handler, Route},
    module::Module,
};

/// The item as it was, and the errors.
pub(crate) fn unchanged(item: &TokenStream, errors: &[syn::Error]) -> TokenStream {
    let errors = errors.iter().map(syn::Error::to_compile_error);
    quote!(#(#errors)* #item)
}

/// A unit struct in the handler's place, as actix's own attributes make one, whose registration
/// registers the handler and tells the middleware about it.
pub(crate) fn handler(args: &Args, handler: &Handler) -> TokenStream {
    let Handler { visibility, signature, body, .. } = handler;
    let (name, docs) = (handler.name(), handler.docs());
    let attributes = inner_attributes(handler);
    let routes = handler.routes().map(|own| route(own, name));
    let (layer, name_text) = (layer(args, None), name.to_string());
    let location = location(&quote!(::core::concat!(::core::module_path!(), "::", #name_text)));
    quote! {
        #(#docs)*
        #[allow(non_camel_case_types)]
        #visibility struct #name;

        impl ::cors_actix::__private::HttpServiceFactory for #name {
            fn register(self, __cors_service: &mut ::cors_actix::__private::AppService) {
                #(#attributes)*
                #signature #body

                static __CORS_LOCATION: ::cors_actix::__private::Location = #location;
                static __CORS_HANDLER: ::cors_actix::__private::Handler =
                    ::cors_actix::__private::Handler {
                        location: &__CORS_LOCATION,
                        routes: &[#(#routes),*],
                        layer: #layer,
                    };
                ::cors_actix::__private::register(
                    |__cors_service| {
                        ::cors_actix::__private::HttpServiceFactory::register(#name, __cors_service);
                    },
                    &__CORS_HANDLER,
                    __cors_service,
                );
            }
        }
    }
}

/// The module with its layer beside the handlers, where `module_path!` is theirs.
pub(crate) fn module(args: &Args, module: &Module) -> TokenStream {
    let Module { head, scope, items } = module;
    let location = location(&quote!(::core::module_path!()));
    let layer = layer(args, scope.as_deref());
    quote! {
        #head {
            #items

            #[allow(dead_code)]
            #[doc(hidden)]
            static __CORS_LAYER: ::cors_actix::__private::Layer = {
                static __CORS_LOCATION: ::cors_actix::__private::Location = #location;
                #layer
            };
        }
    }
}

/// The attributes of the handler, each route with the tag that says it was dispatched to.
fn inner_attributes(handler: &Handler) -> Vec<TokenStream> {
    let mut number = 0_usize;
    let mut attributes = Vec::new();
    for annotation in &handler.attributes {
        match annotation {
            Annotation::Route(route) => {
                let tag = format!("::cors_actix::__private::RouteTag::of_registering({number})");
                attributes.push(route.with_wrap(&tag));
                number += 1;
            }
            Annotation::Other(attribute) if attribute.path().is_ident("doc") => {}
            Annotation::Other(attribute) => attributes.push(attribute.to_token_stream()),
        }
    }
    attributes
}

fn route(route: &Route, handler: &syn::Ident) -> TokenStream {
    let Route { path, methods, guarded, name, .. } = route;
    let name = name.clone().unwrap_or_else(|| handler.to_string());
    quote! {
        ::cors_actix::__private::Route {
            path: #path,
            name: #name,
            methods: &[#(#methods),*],
            guarded: #guarded,
        }
    }
}

/// The place of the attribute.
fn location(item: &TokenStream) -> TokenStream {
    quote! {
        ::cors_actix::__private::Location {
            handler: #item,
            file: ::core::file!(),
            line: ::core::line!(),
        }
    }
}

/// What the arguments say; the location stands beside it.
fn layer(args: &Args, scope: Option<&str>) -> TokenStream {
    let over = args.over.as_ref().map_or_else(|| quote!(None), |path| quote!(Some(&#path)));
    let scope = scope.map_or_else(|| quote!(None), |prefix| quote!(Some(#prefix)));
    let off = args.off.first().map_or_else(|| quote!(None), |(off, _)| some_off(*off));
    let settings = args.settings.iter().map(setting);
    quote! {
        ::cors_actix::__private::Layer {
            location: &__CORS_LOCATION,
            over: ::core::option::Option::#over,
            scope: ::core::option::Option::#scope,
            off: ::core::option::Option::#off,
            settings: &[#(#settings),*],
        }
    }
}

fn some_off(off: Off) -> TokenStream {
    let off = match off {
        Off::External => quote!(External),
        Off::Disable => quote!(Disable),
    };
    quote!(Some(::cors_actix::__private::Off::#off))
}

fn setting(setting: &SpannedSetting) -> TokenStream {
    let key = setting.key.to_string();
    let operator = match setting.operator {
        Operator::Set => quote!(Set),
        Operator::Add => quote!(Add),
        Operator::Remove => quote!(Remove),
    };
    let value = match &setting.value {
        SpannedValue::List(_, elements) => quote!(List(&[#(#elements),*])),
        SpannedValue::Text(text) => quote!(Text(#text)),
        SpannedValue::Number(number) => {
            let number = number.base10_parse::<u64>().map(proc_macro2::Literal::u64_unsuffixed);
            let number = number.into_iter();
            quote!(Number(#(#number)*))
        }
        SpannedValue::Flag(flag) => quote!(Flag(#flag)),
    };
    quote! {
        ::cors_actix::__private::Setting {
            key: #key,
            operator: ::cors_actix::__private::Operator::#operator,
            value: ::cors_actix::__private::Value::#value,
        }
    }
}
