from django import forms


class SeenForm(forms.Form):
    """An act on a page: `seen` is the length of the chain that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
